import type { AccessClaims } from './access-claims.js'

/** What a token said whose signature was verified here. */
export interface VerifiedToken {
  claims: Readonly<AccessClaims>
  /** the id of the key that signed it */
  keyId: string
}

interface Remembered {
  text: string
  token: VerifiedToken
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

/** Characters of a token's end, which are of its signature, by which it is looked up before it is compared: to hash all of it costs a twentieth of the answer to a gateway. */
const END = 43

/** @param most how many are remembered: the latest used, and at least half as many */
export function createVerifiedTokens (most: number): VerifiedTokens {
  // Two generations: what the younger has no room for is forgotten with the older, unless it was asked for meanwhile.
  let young = new Map<string, Remembered>()
  let old = new Map<string, Remembered>()

  function keep (end: string, remembered: Remembered): void {
    if (young.size >= most / 2) {
      old = young
      young = new Map()
    }
    young.set(end, remembered)
  }

  return {
    find (text) {
      const end = text.slice(-END)
      const known = young.get(end)
      if (known !== undefined) return known.text === text ? known.token : undefined
      const older = old.get(end)
      if (older?.text !== text) return undefined
      keep(end, older)
      return older.token
    },
    remember (text, { claims, keyId }) {
      keep(text.slice(-END), { text, token: Object.freeze({ claims: frozen(claims), keyId }) })
    }
  }
}

function frozen (claims: Readonly<AccessClaims>): Readonly<AccessClaims> {
  Object.freeze(claims.roles)
  Object.freeze(claims.permissions)
  return Object.freeze(claims)
}
