import type { AccessClaims } from './access-claims.js'
import { CLOCKS_APART } from './clock.js'

/** One entry of the feed, as the database announces it. */
export interface Revocation {
  number: number
  scope: 'session' | 'account' | 'grants' | 'role'
  userId: string | null
  sessionId: string | null
  contract: string | null
  role: string | null
  version: number | null
  revokedAt: Date | null
  endsAt: Date | null
}

/** What each mounted contract says of its access tokens. */
export interface ListedContract {
  name: string
  /** seconds that its access tokens live */
  accessLifetime: number
  /** whether it can refresh: where it cannot, tokens outlive a change of roles */
  refreshes: boolean
}

/** A version below which tokens are void, until the last of them has expired. */
interface LeastVersion {
  version: number
  /** milliseconds since 1970 */
  until: number
}

/** Milliseconds that an entry is held beyond its last token: whoever issued that may have had another clock, and ours may be set back. */
const BEYOND = CLOCKS_APART * 1000

/**
 * What of the access tokens that are still alive is void. It holds no more than can matter: an entry leaves two hours after the
 * last token that it could refuse has expired.
 */
export interface RevocationList {
  /** Takes an entry in; the same one again changes nothing. */
  add: (revocation: Revocation, now: Date) => void
  /** Lets go of what has become needless. */
  prune: (now: Date) => void
  /** @returns why a token is void, undefined when it is not */
  reasonFor: (claims: AccessClaims) => 'revoked' | 'account changed' | 'roles changed' | undefined
  /** @returns whether the roles that a token names are no longer those of its account, though it goes on */
  hasOtherRoles: (claims: AccessClaims) => boolean
  /** @returns how many entries it holds */
  size: () => number
}

export function createRevocationList (contracts: readonly ListedContract[]): RevocationList {
  const byName = new Map(contracts.map(contract => [contract.name, contract]))
  const longest = Math.max(0, ...contracts.map(contract => contract.accessLifetime)) * 1000
  const sessions = new Map<string, number>()
  const scopes = { account: new Map<string, LeastVersion>(), grants: new Map<string, LeastVersion>(), role: new Map<string, LeastVersion>() }

  function raise (versions: Map<string, LeastVersion>, key: string, version: number, now: Date): void {
    const known = versions.get(key)
    // A later entry counts from when it is heard of, which is never before it was written.
    if (known === undefined || known.version < version) versions.set(key, { version, until: now.getTime() + longest + BEYOND })
  }

  function hasOtherRoles ({ sub, ver, roles, rolesVer }: AccessClaims): boolean {
    return ver < (scopes.grants.get(sub)?.version ?? 0) || roles.some(role => rolesVer < (scopes.role.get(role)?.version ?? 0))
  }

  return {
    add ({ scope, userId, sessionId, contract, role, version, revokedAt, endsAt }, now) {
      if (scope === 'session') {
        const lifetime = byName.get(contract ?? '')?.accessLifetime
        // The tokens of a contract that is not served here are refused here anyway.
        if (lifetime === undefined || sessionId === null || revokedAt === null || endsAt === null) return
        const until = Math.min(endsAt.getTime(), revokedAt.getTime() + lifetime * 1000) + BEYOND
        // What is known holds, whatever an entry from elsewhere says.
        if (until > Math.max(now.getTime(), sessions.get(sessionId) ?? 0)) sessions.set(sessionId, until)
        return
      }
      const key = scope === 'role' ? role : userId
      if (key !== null && version !== null) raise(scopes[scope], key, version, now)
    },
    prune (now) {
      const time = now.getTime()
      for (const [session, until] of sessions) if (until <= time) sessions.delete(session)
      for (const versions of Object.values(scopes)) {
        for (const [key, { until }] of versions) if (until <= time) versions.delete(key)
      }
    },
    reasonFor (claims) {
      if (sessions.has(claims.sid)) return 'revoked'
      if (claims.ver < (scopes.account.get(claims.sub)?.version ?? 0)) return 'account changed'
      if (byName.get(claims.aud)?.refreshes !== true) return undefined
      return hasOtherRoles(claims) ? 'roles changed' : undefined
    },
    hasOtherRoles,
    size: () => sessions.size + scopes.account.size + scopes.grants.size + scopes.role.size
  }
}
