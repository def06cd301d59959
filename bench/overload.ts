import { setTimeout as delay } from 'node:timers/promises'
import { load, type Chain, type LoadResult } from './load.js'
import type { Path, PathName } from './paths.js'
import type { Side } from './sides.js'

export interface Overload {
  /** logins a second that were asked for, and that were served */
  offered: number
  served: number
  /** how often each status was answered to a login; 503 without Retry-After stands apart */
  statuses: Record<string, number>
  others: Array<{ path: PathName, alone: number, beside: number, p99: number }>
}

/** How many times as many logins come as can be served. */
const TIMES = 10
const CONNECTIONS = 400
/** Milliseconds in which the logins that wait are done. */
const DRAINED = 4000
const others = ['refresh', 'profile', 'verify'] as const

/** Asks for ten times the logins that can be served, and measures what is left to the other paths. */
export async function measureOverload (side: Side, paths: Record<PathName, Path>, seconds: number, log: (line: string) => void): Promise<Overload> {
  const served = (await run(side, paths.login, seconds)).rate
  const offered = Math.round(served * TIMES)
  const overload: Overload = { offered, served: 0, statuses: {}, others: [] }
  const logins = await paths.login.prepare(side)
  for (const name of others) {
    await delay(DRAINED)
    const alone = await run(side, paths[name], seconds)
    const [beside, under] = await Promise.all([
      run(side, paths[name], seconds),
      load({ url: side.server.url, connections: CONNECTIONS, seconds, rate: offered, chain: connection => watched(logins(connection), overload.statuses) })
    ])
    if (under.faults > 0) overload.statuses['faults'] = (overload.statuses['faults'] ?? 0) + under.faults
    overload.served += under.rate / others.length
    overload.others.push({ path: name, alone: alone.rate, beside: beside.rate, p99: beside.latency.p99 })
    log(`${name}: ${Math.round(alone.rate)}/s alone, ${Math.round(beside.rate)}/s beside ${offered} logins/s`)
  }
  return overload
}

async function run (side: Side, path: Path, seconds: number): Promise<LoadResult> {
  return await load({ url: side.server.url, connections: path.connections, seconds, chain: await path.prepare(side) })
}

function watched (chain: Chain, statuses: Record<string, number>): Chain {
  return {
    next: chain.next,
    seen (status, _body, headers) {
      const said = status === 503 && headers['retry-after'] === undefined ? '503 without Retry-After' : String(status)
      statuses[said] = (statuses[said] ?? 0) + 1
    }
  }
}
