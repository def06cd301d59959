import { type EventLoopUtilization, performance } from 'node:perf_hooks'

/** Milliseconds over which the event loop is looked at. */
const SPAN = 200

/** Share of the time that it works from which on it needs a core of its own. */
const BUSY = 0.5

/** And from which on it is at its limit: its database and whoever asks need most of another core then. */
const AT_ITS_LIMIT = 0.75

/**
 * @param cores that this process may use
 * @param utilization share of the time that the event loop works
 * @returns how many of them there are for work off the event loop: all of them; one less while it has much to do, but at least one;
 *   1.75 less while it is at its limit, but at least a quarter
 */
export function coresBeside (cores: number, utilization: number): number {
  if (utilization >= AT_ITS_LIMIT) return Math.max(0.25, cores - 1.75)
  return utilization >= BUSY ? Math.max(1, cores - 1) : cores
}

/** @returns a function that says the same for what the event loop did just now */
export function spareCores (cores: number): () => number {
  let since = performance.eventLoopUtilization()
  let lookedAt = performance.now()
  let utilization = 0

  return () => {
    const now = performance.now()
    if (now - lookedAt >= SPAN) {
      const until: EventLoopUtilization = performance.eventLoopUtilization()
      utilization = performance.eventLoopUtilization(until, since).utilization
      since = until
      lookedAt = now
    }
    return coresBeside(cores, utilization)
  }
}
