import { type TProperties, type TSchema, Type } from '@sinclair/typebox'
import type { TextRule } from '../plugins/validation.js'
import type { PasswordRule } from '../src/domain/password-rules.js'

/** What contracts say in their bodies: fields that are taken, in small letters, and values that are given, in capitals. */

/** A text that must not be empty and keeps a rule. */
export const field = (rule: TextRule, example: string) => Type.String({ minLength: 1, 'x-rule': rule, examples: [example] })

/** A password that is being chosen. */
export const newPassword = (rule: PasswordRule, example: string) => Type.String({ minLength: 1, 'x-password': rule, examples: [example] })

/** The number of a role, as JSON's number. */
export const RoleNumber = Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, examples: [2] })

/** A body of exactly these fields; a field that is not known is refused by its name. */
export const body = <Fields extends TProperties>(fields: Fields, options: { minProperties?: number } = {}) =>
  Type.Object(fields, { additionalProperties: false, ...options })

export const NoBody = body({})

export const OrNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
export const Text = (example: string) => Type.String({ examples: [example] })
export const Num = (example: number) => Type.Integer({ examples: [example] })
export const Time = Text('2025-09-19T08:26:46.000Z')
export const AccessJwt = Text('eyJhbGciOiJFUzI1NiIs…')

export const sampleId = '550e8400-e29b-41d4-a716-446655440000'
/** A refresh or mail token. */
export const sampleToken = 'AVJ4bXkAAZ6h2X8w…'
