import { type TProperties, type TSchema, Type } from '@sinclair/typebox'
import type { TextRule } from '../../plugins/validation.js'
import type { PasswordRule } from '../../src/domain/password-rules.js'

/** What a password must be here, beyond 8 to 128 characters (business rule 2 of the document). */
export const passwordRule: PasswordRule = { needs: ['letter', 'digit', 'symbol'], refusesCommon: true }

const sampleId = '550e8400-e29b-41d4-a716-446655440000'
const sampleToken = 'AVJ4bXkAAZ6h2X8w…'

const text = (rule: TextRule, example: string) => Type.String({ minLength: 1, 'x-rule': rule, examples: [example] })
const newPassword = Type.String({ minLength: 1, 'x-password': passwordRule, examples: ['Password123!'] })

/** A body of exactly these fields; a field that is not known is refused by its name. */
const body = <Fields extends TProperties>(fields: Fields, options: { minProperties?: number } = {}) =>
  Type.Object(fields, { additionalProperties: false, ...options })

export const NoBody = body({})
export const Registration = body({
  email: text('email', 'user@example.com'),
  username: text('username', 'username123'),
  password: newPassword,
  confirmPassword: text('text', 'Password123!'),
  outlet_id: text('uuid', sampleId),
  role_id: text('uuid', sampleId)
})
export const Login = body({ email: text('text', 'user@example.com'), password: text('text', 'Password123!') })
export const MailToken = body({ token: text('text', sampleToken) })
export const OwnAddress = body({ email: Type.Optional(text('email', 'user@example.com')) })
export const Address = body({ email: text('email', 'user@example.com') })
export const Reset = body({ token: text('text', sampleToken), password: newPassword, confirmPassword: text('text', 'Password123!') })
export const PasswordChange = body({ oldPassword: text('text', 'Password123!'), newPassword })
export const ProfileChange = body({
  username: Type.Optional(text('username', 'username123')),
  email: Type.Optional(text('email', 'user@example.com')),
  currentPassword: Type.Optional(text('text', 'Password123!'))
}, { minProperties: 1 })

export const SessionId = Type.Object({ id: text('uuid', sampleId) })
export const HistoryPage = Type.Object({ limit: Type.Optional(text('limit', '50')), before: Type.Optional(text('uuid', sampleId)) })

const Id = Type.String({ examples: [sampleId] })
const Time = Type.String({ examples: ['2025-09-19T08:26:46.000Z'] })
const OrNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const Named = Type.Object({ id: Id, name: Type.String({ examples: ['Main Outlet'] }) })

/** The envelope of every success but refresh's: `done` says so, `answered` has something to say. */
const done = <Message extends string>(message: Message) =>
  Type.Object({ status: Type.Literal(200), message: Type.Literal(message) })
const answered = <Message extends string, Data extends TSchema>(message: Message, data: Data) =>
  Type.Object({ status: Type.Literal(200), message: Type.Literal(message), data })

export const AccessToken = Type.Object({ access_token: Type.String({ examples: ['eyJhbGciOiJFUzI1NiIs…'] }) })

export const Profile = Type.Object({
  id: Id,
  email: Type.String({ examples: ['user@example.com'] }),
  username: OrNull(Type.String({ examples: ['username123'] })),
  isConfirmed: Type.Boolean(),
  outlet: OrNull(Named),
  role: OrNull(Type.Object({ id: Id, name: Type.String({ examples: ['user'] }), isAdmin: Type.Boolean() })),
  createdAt: Time,
  updatedAt: Time
})

const Session = Type.Object({
  id: Id,
  contract: Type.String({ examples: ['outlet'] }),
  device: Type.String({ examples: ['desktop'], description: 'phone, tablet, desktop or unknown' }),
  ip: OrNull(Type.String({ examples: ['203.0.113.7'] })),
  userAgent: OrNull(Type.String()),
  createdAt: Time,
  lastUsedAt: Time,
  expiresAt: Time,
  current: Type.Boolean()
})

const HistoryEntry = Type.Object({
  id: Id,
  type: Type.String({ examples: ['session.started'] }),
  contract: OrNull(Type.String({ examples: ['outlet'] })),
  ip: OrNull(Type.String({ examples: ['203.0.113.7'] })),
  userAgent: OrNull(Type.String()),
  createdAt: Time
})

export const Registered = done('register user succes')
export const LoggedIn = answered('Login Success', AccessToken)
export const LoggedOut = done('Logged out successfully')
export const Verified = done('succes verified email')
export const VerificationSent = done('Verification email sent')
export const GotProfile = answered('Get profile success', Profile)
export const UpdatedProfile = answered('Profile updated', Profile)
export const ResetSent = done('Password reset email sent')
export const PasswordReset = done('Password reset successfully')
export const PasswordUpdated = done('Password updated')
export const Outlets = answered('Get outlets success', Type.Array(Named))
export const Roles = answered('Get roles success', Type.Array(Named))
export const Sessions = answered('Get sessions success', Type.Array(Session))
export const SessionRevoked = done('Session revoked')
export const History = answered('Get history success', Type.Array(HistoryEntry))

const Failure = Type.Object({ status: Type.Integer(), message: Type.String(), errors: Type.Optional(Type.Array(Type.String())) })

/** A response schema for each status with which an endpoint can refuse; every one may meet 429, 500 and 503. */
export function refusals<Status extends 400 | 401 | 403 | 404 | 409 | 413 | 415> (...statuses: readonly Status[]): Record<Status | 429 | 500 | 503, typeof Failure> {
  const all = [...statuses, 429, 500, 503] as const
  return Object.fromEntries(all.map(status => [status, Failure])) as Record<typeof all[number], typeof Failure>
}

/** The same for an endpoint that takes a body, which may also be too large or of another type. */
export function bodyRefusals<Status extends 401 | 403 | 404 | 409> (...statuses: readonly Status[]) {
  return refusals<Status | 400 | 413 | 415>(400, ...statuses, 413, 415)
}

/** Needs a bearer access token. */
export const signedIn = [{ accessToken: [] }]
/** Needs the refresh cookie. */
export const byCookie = [{ refreshCookie: [] }]
