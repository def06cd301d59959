import { KunciError } from './errors.js'

const LONGEST = 30_000

/** Time to leave the server alone after failures, in milliseconds that no change of the clock touches. */
export interface Pause {
  /** what brought it about, while it lasts */
  reason: () => Error | undefined
  /** milliseconds left */
  left: () => number
  /** One more failure: twice as long as before, from about half a second up to half a minute, or what the server asks for. */
  extend: (error: Error) => void
  /** It may be over: a pause that the server did not ask for ends. */
  shorten: () => void
  end: () => void
}

/** @param random from 0 up to 1: tabs and browsers that fail together come back apart */
export function createPause (random: () => number = Math.random): Pause {
  let failures = 0
  let until = 0
  let last: Error | undefined
  const left = () => Math.max(0, until - performance.now())
  return {
    left,
    reason: () => left() > 0 ? last : undefined,
    extend (error) {
      last = error
      const own = Math.min(LONGEST, 1000 * 2 ** failures++) * (0.5 + random() / 2)
      const asked = error instanceof KunciError ? (error.retryAfter ?? 0) * 1000 : 0
      until = performance.now() + Math.max(own, asked && asked + own)
    },
    shorten () {
      if (!(last instanceof KunciError && last.retryAfter !== undefined)) until = 0
    },
    end () {
      failures = until = 0
    }
  }
}
