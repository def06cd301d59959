import type { AccessClaims } from '../../src/domain/access-claims.js'

type AuthHeaders = Readonly<Record<`x-auth-${'subject' | 'session' | 'contract' | 'roles' | 'permissions' | 'outlet'}`, string>>

/** What a gateway passes on of nobody. */
export const NOBODY: AuthHeaders = {
  'x-auth-subject': '',
  'x-auth-session': '',
  'x-auth-contract': '',
  'x-auth-roles': '',
  'x-auth-permissions': '',
  'x-auth-outlet': ''
}

/** Claims that are asked about again are the same object, and never change. */
const known = new WeakMap<Readonly<AccessClaims>, AuthHeaders>()

/** @returns what a gateway passes on of an access token */
export function authHeaders (claims: Readonly<AccessClaims>): AuthHeaders {
  const made = known.get(claims)
  if (made !== undefined) return made
  const headers = {
    'x-auth-subject': claims.sub,
    'x-auth-session': claims.sid,
    'x-auth-contract': claims.aud,
    'x-auth-roles': listOf(claims.roles),
    'x-auth-permissions': listOf(claims.permissions),
    'x-auth-outlet': claims.outlet ?? ''
  }
  known.set(claims, headers)
  return headers
}

/** Comma-separated; what a header cannot hold, or would look like a separator, is percent-encoded. */
function listOf (names: readonly string[]): string {
  return names.map(name => name.replace(/[^\x20-\x7e]+|[%,]/g, encodeURIComponent)).join(',')
}
