import type { AccessClaims } from '../../src/domain/access-claims.js'

/** @returns what a gateway passes on of an access token; every header empty where there is none */
export function authHeaders (claims: AccessClaims | undefined): Record<string, string> {
  return {
    'x-auth-subject': claims?.sub ?? '',
    'x-auth-session': claims?.sid ?? '',
    'x-auth-contract': claims?.aud ?? '',
    'x-auth-roles': listOf(claims?.roles),
    'x-auth-permissions': listOf(claims?.permissions),
    'x-auth-outlet': claims?.outlet ?? ''
  }
}

/** Comma-separated; what a header cannot hold, or would look like a separator, is percent-encoded. */
function listOf (names: readonly string[] = []): string {
  return names.map(name => name.replace(/[^\x20-\x7e]+|[%,]/g, encodeURIComponent)).join(',')
}
