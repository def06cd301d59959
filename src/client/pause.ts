import type { KunciError, NetworkError } from './errors.js'

const LONGEST = 30_000

export type Failure = NetworkError | KunciError

/** Time to leave the server alone after failures, in milliseconds that no change of the clock touches. */
export interface Pause {
  /** @throws what brought it about, while it lasts */
  check: () => void
  /** milliseconds left */
  left: () => number
  /** One more failure: twice as long as before, from about half a second up to half a minute, beside what the server asks for. */
  extend: (error: Failure) => void
  /** It may be over: a pause that the server did not ask for ends. */
  shorten: () => void
  end: () => void
}

/** Tabs and browsers that fail together come back apart. */
export function createPause (): Pause {
  let failures = 0
  let until = 0
  let last: Failure | undefined
  const left = () => Math.max(0, until - performance.now())
  return {
    left,
    check () { if (left() > 0) throw last },
    extend (error) {
      last = error
      const own = Math.min(LONGEST, 1000 * 2 ** failures++) * (0.5 + Math.random() / 2)
      // Asked for or not, they don't all come back at one moment.
      until = performance.now() + own + (error.retryAfter ?? 0) * 1000
    },
    shorten () {
      if (last?.retryAfter === undefined) until = 0
    },
    end () {
      failures = until = 0
    }
  }
}
