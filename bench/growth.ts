import postgres from 'postgres'
import { load } from './load.js'
import type { Options } from './options.js'
import { pathsOf } from './paths.js'
import { startKunci } from './sides.js'
import type { FilledDatabase } from './sizes.js'

/** Refreshes a second in each round, by the number of sessions in the database. */
export type Growth = Array<{ sessions: number, rates: number[] }>

/**
 * Measures the refresh on databases of different sizes, one after the other in each round, so that what else the machine does meets
 * all of them alike.
 */
export async function measureGrowth (databases: FilledDatabase[], { rounds, seconds, connections }: Options, folder: string, log: (line: string) => void): Promise<Growth> {
  const opened = await Promise.all(databases.map(async ({ url: databaseUrl, population }) => {
    const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
    const side = await startKunci({ databaseUrl, sql, population, folder, profile: undefined })
    return { sql, side, path: pathsOf(population, connections, sql).refresh, growth: { sessions: population.sessions, rates: [] as number[] } }
  }))
  try {
    // The first round warms up.
    for (let round = 0; round <= rounds; round++) {
      for (const { side, path, growth } of round % 2 === 0 ? opened : [...opened].reverse()) {
        const { rate } = await load({ url: side.server.url, connections, seconds, chain: await path.prepare(side) })
        if (round === 0) continue
        growth.rates.push(rate)
        log(`refresh among ${growth.sessions} sessions, round ${round}: ${Math.round(rate)}/s`)
      }
    }
    return opened.map(({ growth }) => growth)
  } finally {
    for (const { side, sql } of opened) {
      await side.server.stop()
      await sql.end()
    }
  }
}
