import { type EventLoopUtilization, performance } from 'node:perf_hooks'

/** Milliseconds between two looks at the event loop. */
const SPAN = 200

/** Share of the time that it works from which on it needs a core of its own. */
const BUSY = 0.5

/** And from which on, lately, it is at its limit: its database and whoever asks need most of another core then. */
const AT_ITS_LIMIT = 0.75

/** Milliseconds that are lately: mails that are sent together fill some spans, and are no limit. */
const LATELY = 2000

/**
 * @param cores that this process may use
 * @param utilization shares of the time that the event loop works: `now` and `lately`
 * @returns how many of them there are for work off the event loop: all of them; one less while it has much to do, but at least one;
 *   1.75 less while it is at its limit, but at least a quarter
 */
export function coresBeside (cores: number, { now, lately }: { now: number, lately: number }): number {
  if (lately >= AT_ITS_LIMIT) return Math.max(0.25, cores - 1.75)
  return now >= BUSY ? Math.max(1, cores - 1) : cores
}

/** @returns a function that says the same for this process's event loop */
export function spareCores (cores: number): () => number {
  let since = performance.eventLoopUtilization()
  let lookedAt = performance.now()
  const utilization = { now: 0, lately: 0 }

  return () => {
    const time = performance.now()
    if (time - lookedAt >= SPAN) {
      const until: EventLoopUtilization = performance.eventLoopUtilization()
      utilization.now = performance.eventLoopUtilization(until, since).utilization
      utilization.lately += (utilization.now - utilization.lately) * Math.min(1, (time - lookedAt) / LATELY)
      since = until
      lookedAt = time
    }
    return coresBeside(cores, utilization)
  }
}
