import { type Static, Type } from '@sinclair/typebox'
import type { Grant } from './grant.js'

const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })

/** The claims of an access token (RFC 9068); nothing of another type gets past. */
export const AccessClaimsForm = Type.Object({
  iss: Type.String(),
  aud: Type.String(),
  sub: Uuid,
  sid: Uuid,
  iat: Type.Integer(),
  exp: Type.Integer(),
  jti: Type.String(),
  /** the account's token version, and that of the roles, when it was issued */
  ver: Type.Integer(),
  rolesVer: Type.Integer(),
  roles: Type.Array(Type.String()),
  permissions: Type.Array(Type.String()),
  outlet: Type.Optional(Type.String())
})

export type AccessClaims = Static<typeof AccessClaimsForm>

/** Under what an access token is issued, beyond what is granted. */
export interface AccessTerms {
  algorithm: string
  keyId: string
  issuer: string
  /** the contract's name */
  audience: string
  /** seconds */
  lifetime: number
}

/** The header of an access token, its type keeping it apart from every other JWT (RFC 9068, section 2.1). */
export function accessHeader ({ algorithm, keyId }: Pick<AccessTerms, 'algorithm' | 'keyId'>): { alg: string, typ: 'at+jwt', kid: string } {
  return { alg: algorithm, typ: 'at+jwt', kid: keyId }
}

/** The claims of the access token for a grant; it never outlives the session. */
export function accessClaims (grant: Omit<Grant, 'generation'>, terms: AccessTerms): AccessClaims {
  const issuedAt = Math.floor(grant.issuedAt.getTime() / 1000)
  return {
    iss: terms.issuer,
    aud: terms.audience,
    sub: grant.accountId,
    sid: grant.sessionId,
    iat: issuedAt,
    exp: Math.min(issuedAt + terms.lifetime, Math.floor(grant.expiresAt.getTime() / 1000)),
    jti: grant.tokenId,
    ver: grant.accountVersion,
    rolesVer: grant.rolesVersion,
    roles: grant.roles.map(role => role.name),
    permissions: [...new Set(grant.roles.flatMap(role => role.permissions))],
    ...grant.outletId === null ? {} : { outlet: grant.outletId }
  }
}

/** @returns the token for a grant as it may be shown: its header and claims can be read, and it is no credential */
export function redactedToken (grant: Omit<Grant, 'generation'>, terms: AccessTerms): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part(accessHeader(terms))}.${part(accessClaims(grant, terms))}.redacted`
}
