import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type Static, Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { readJson } from './checked-json.js'

/** The channel of the database on which an instance that hears nothing asks the others to attest what was announced. */
export const ATTESTATION_REQUESTS_CHANNEL = 'kunci_attestation_requests'

const RequestForm = Type.Object({
  instance: Type.String({ pattern: '^[0-9a-f-]{36}$' }),
  /** known to those alone who can reach the database: what is signed with it comes from one of them */
  key: Type.String({ pattern: '^[\\w-]{43}$' }),
  /** by the clock of the instance that asks */
  sentAt: Type.Number()
})

const AttestationForm = Type.Object({
  /** the request's */
  sentAt: Type.Number(),
  /** milliseconds for which whoever attests has heard everything, up to now */
  listening: Type.Number(),
  /** what was announced meanwhile, and how many milliseconds ago */
  entries: Type.Array(Type.Object({ digest: Type.String(), age: Type.Number() }))
})

export type AttestationRequest = Static<typeof RequestForm>
export type Attestation = Static<typeof AttestationForm>

const request = TypeCompiler.Compile(RequestForm)
const attestation = TypeCompiler.Compile(AttestationForm)

/** @returns undefined for what is no request */
export function parseRequest (text: string): AttestationRequest | undefined {
  return readJson(text, request)
}

/** @returns what stands for an entry of the feed in an attestation, of the text that `formatRevocation` gives */
export function digestOf (revocation: string): string {
  return createHash('sha256').update(revocation).digest('base64url')
}

/** @returns the attestation as a text that only who knows the request's key can have written */
export function signAttestation (key: string, attestation: Attestation): string {
  const text = JSON.stringify(attestation)
  return `${signature(key, text).toString('base64url')} ${text}`
}

/** @returns undefined for what was not signed with this key */
export function openAttestation (key: string, signed: string): Attestation | undefined {
  const [, presented = '', text = ''] = /^([\w-]{43}) (.*)$/s.exec(signed) ?? []
  const expected = signature(key, text)
  const given = Buffer.from(presented, 'base64url')
  return given.length === expected.length && timingSafeEqual(given, expected) ? readJson(text, attestation) : undefined
}

function signature (key: string, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
