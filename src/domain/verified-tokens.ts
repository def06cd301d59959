import type { AccessClaims } from './access-claims.js'

/** What a token said whose signature was verified here. */
export interface VerifiedToken {
  claims: Readonly<AccessClaims>
  /** the id of the key that signed it */
  keyId: string
}

/**
 * Remembers tokens whose signature was good, since to verify it costs more than all else. That alone is remembered: whether a token
 * has expired or was revoked, and whether its key still counts, is asked anew each time. A token is known by its whole text.
 */
export interface VerifiedTokens {
  find: (text: string) => VerifiedToken | undefined
  /** What is remembered is frozen, since all who come with the token are given the same. */
  remember: (text: string, token: VerifiedToken) => void
}

/** @param most how many are remembered: the latest used, and at least half as many */
export function createVerifiedTokens (most: number): VerifiedTokens {
  // Two generations: what the younger has no room for is forgotten with the older, unless it was asked for meanwhile.
  let young = new Map<string, VerifiedToken>()
  let old = new Map<string, VerifiedToken>()

  function keep (text: string, token: VerifiedToken): void {
    if (young.size >= most / 2) {
      old = young
      young = new Map()
    }
    young.set(text, token)
  }

  return {
    find (text) {
      const known = young.get(text)
      if (known !== undefined) return known
      const older = old.get(text)
      if (older !== undefined) keep(text, older)
      return older
    },
    remember (text, { claims, keyId }) {
      keep(text, Object.freeze({ claims: frozen(claims), keyId }))
    }
  }
}

function frozen (claims: Readonly<AccessClaims>): Readonly<AccessClaims> {
  Object.freeze(claims.roles)
  Object.freeze(claims.permissions)
  return Object.freeze(claims)
}
