import { setTimeout as delay } from 'node:timers/promises'
import { argon2Rate, pgbenchRate } from './limits.js'
import { load, type LoadResult } from './load.js'
import type { Path, PathName } from './paths.js'
import type { Population } from './population.js'
import type { Sample } from './sampler.js'
import type { Side } from './sides.js'

/** What a server used while it was loaded. */
export interface Use {
  /** bytes, at most */
  rss: number
  /** milliseconds of CPU for each good answer */
  cpu: number
  /** milliseconds that the event loop came late */
  delay: Sample['delay']
}

export interface Measured extends LoadResult, Use {}

/** One path in all rounds, side by side. */
export interface PathResult {
  path: PathName
  kunci: Measured[]
  reference: Measured[]
  /** what Kunci is compared with, a second, in each round */
  against: { name: string, rates: number[] }
  /** the database's own rate of the same statement; undefined where it was not measured */
  pgbench: number[] | undefined
}

export interface RoundOptions {
  rounds: number
  seconds: number
  population: Population
  databaseUrl: string
  log: (line: string) => void
}

/** Seconds of load before the first round, so that no side is measured while its code is being compiled. */
const WARM_UP = 2

/**
 * Measures a path: Kunci, the reference and what else it is compared with, one after the other in each round, in another order
 * each time.
 *
 * @throws Error where a side answers anything but what the path is for
 */
export async function measurePath (path: Path, kunci: Side, reference: Side, { rounds, seconds, population, databaseUrl, log }: RoundOptions): Promise<PathResult> {
  const sides = path.name === 'register' ? [kunci] : [kunci, reference]
  for (const side of sides) await loadSide(path, side, Math.min(seconds, WARM_UP))
  const result: PathResult = { path: path.name, kunci: [], reference: [], against: { name: path.against, rates: [] }, pgbench: undefined }
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 === 0 ? sides : [...sides].reverse()) {
      const measured = await loadSide(path, side, seconds)
      result[side.name].push(measured)
      log(`${path.name} round ${round + 1}: ${side.name} ${Math.round(measured.rate)}/s, p50 ${measured.latency.p50} ms, p99 ${measured.latency.p99} ms, ${measured.cpu.toFixed(3)} ms of CPU each`)
    }
    const rate = path.against === 'argon2id' ? await argon2Rate(seconds) : result.reference.at(-1)?.rate
    result.against.rates.push(rate ?? NaN)
    if (path.against === 'argon2id') log(`${path.name} round ${round + 1}: argon2id alone ${Math.round(rate ?? NaN)}/s`)
    if (path.name === 'refresh') {
      const tps = await pgbenchRate(databaseUrl, population, Math.min(seconds, 5), 16)
      if (tps !== undefined) result.pgbench = [...result.pgbench ?? [], tps]
      log(tps === undefined ? 'there is no pgbench on this machine' : `refresh round ${round + 1}: the UPDATE by pgbench ${Math.round(tps)}/s`)
    }
  }
  return result
}

/** Loads one side and looks at what it uses meanwhile. */
async function loadSide (path: Path, side: Side, seconds: number): Promise<Measured> {
  const chain = await path.prepare(side)
  await delay(300)
  const before = await side.server.sample()
  let { rss } = before
  const watch = setInterval(() => {
    side.server.sample().then(sample => { rss = Math.max(rss, sample.rss) }, () => {})
  }, 500)
  let result: LoadResult
  try {
    result = await load({ url: side.server.url, connections: path.connections, seconds, chain })
  } finally {
    clearInterval(watch)
  }
  const after = await side.server.sample()
  const bad = Object.keys(result.statuses).filter(status => !status.startsWith('2'))
  if (bad.length > 0 || result.faults > 0) throw new Error(`${path.name} of ${side.name} answered ${JSON.stringify(result.statuses)} with ${result.faults} faults`)
  return { ...result, rss: Math.max(rss, after.rss), cpu: (after.cpu - before.cpu) / (result.rate * seconds), delay: after.delay }
}
