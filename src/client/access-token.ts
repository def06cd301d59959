/** An access token as it came. */
export interface GivenToken {
  token: string
  /** when it was asked for, in milliseconds of this browser's clock */
  askedAt: number
}

/** An access token, and what this side has to know of it. */
export interface HeldToken extends GivenToken {
  accountId: string
  sessionId: string
  permissions: string[]
  /** until when it is taken to be good, in milliseconds of this browser's clock */
  until: number
  /** when to replace it, likewise; a little different for each tab */
  renewAt: number
}

const LONGEST_MARGIN = 60_000
/** So that the last moments of a session are no hurry. */
const SHORTEST_USE = 1000

/**
 * The browser's clock may be wrong, so its lifetime is the token's own, counted from when it was asked for: the token cannot be older.
 *
 * @throws Error for what is no access token
 */
export function holdToken ({ token, askedAt }: GivenToken): HeldToken {
  const [, payload = ''] = token.split('.')
  const { sub, sid, permissions, iat, exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { sub: string, sid: string, permissions: string[], iat: number, exp: number }
  const lifetime = (exp - iat) * 1000
  // `iat` is rounded down to a second.
  const until = askedAt + lifetime - 1000
  const margin = Math.min(LONGEST_MARGIN, lifetime / 4) * (0.5 + Math.random() / 2)
  return { token, askedAt, accountId: sub, sessionId: sid, permissions, until, renewAt: Math.max(until - margin, askedAt + SHORTEST_USE) }
}
