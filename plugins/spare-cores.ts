import { type EventLoopUtilization, performance } from 'node:perf_hooks'

/** Milliseconds over which the event loop is looked at. */
const SPAN = 200

/** Share of the time that it works from which on it needs a core of its own. */
const BUSY = 0.5

/**
 * @param cores that this process may use
 * @returns a function that says how many of them there are for work off the event loop: all of them, but one less while the
 *   event loop has much to do; at least one
 */
export function spareCores (cores: number): () => number {
  let since = performance.eventLoopUtilization()
  let lookedAt = performance.now()
  let isBusy = false

  return () => {
    const now = performance.now()
    if (now - lookedAt >= SPAN) {
      const until: EventLoopUtilization = performance.eventLoopUtilization()
      isBusy = performance.eventLoopUtilization(until, since).utilization >= BUSY
      since = until
      lookedAt = now
    }
    return isBusy ? Math.max(1, cores - 1) : cores
  }
}
