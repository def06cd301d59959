import { monitorEventLoopDelay } from 'node:perf_hooks'

/** Loaded into each measured server before its own code: answers over the channel to its parent with what it uses. */

/** What a process has used: since its start, or since the sample before where it says so. */
export interface Sample {
  /** bytes */
  rss: number
  /** milliseconds of all its threads, since its start */
  cpu: number
  /** milliseconds that the event loop came late, since the sample before: half of the time at most, 99 % of it, and at worst */
  delay: { p50: number, p99: number, max: number }
}

const RESOLUTION = 10
const histogram = monitorEventLoopDelay({ resolution: RESOLUTION })
histogram.enable()

function late (nanoseconds: number): number {
  return Math.max(0, Math.round(nanoseconds / 1e5) / 10 - RESOLUTION)
}

process.on('message', message => {
  if (message !== 'sample') return
  const { user, system } = process.cpuUsage()
  const delay = { p50: late(histogram.percentile(50)), p99: late(histogram.percentile(99)), max: late(histogram.max) }
  histogram.reset()
  process.send?.({ rss: process.memoryUsage.rss(), cpu: (user + system) / 1000, delay } satisfies Sample)
})
// Being asked is no reason to stay.
process.channel?.unref()
