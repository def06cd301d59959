import type postgres from 'postgres'
import { load } from './load.js'
import type { Path } from './paths.js'
import type { Side } from './sides.js'

/** What rotations did to one table. */
export interface Rotated {
  name: string
  updates: number
  /** updates that touched no index (heap-only tuples) */
  hot: number
  /** bytes with its indexes */
  before: number
  after: number
  dead: number
}

interface Standing extends postgres.Row {
  name: string
  updates: number
  hot: number
  bytes: number
  dead: number
}

/** Rotates sessions `count` times in all, and looks at the tables before and after. */
export async function rotateMany (side: Side, path: Path, sql: postgres.Sql, count: number, log: (line: string) => void): Promise<Rotated[]> {
  const before = await stand(sql)
  for (let done = 0; done < count;) {
    const { rate } = await load({ url: side.server.url, connections: path.connections, seconds: 10, chain: await path.prepare(side) })
    if (rate === 0) throw new Error('no rotation was answered')
    done += rate * 10
    log(`${Math.round(done)} rotations`)
  }
  const after = await stand(sql)
  return after.map((row, at) => {
    const first = before[at]
    return { name: row.name, updates: row.updates - (first?.updates ?? 0), hot: row.hot - (first?.hot ?? 0), before: first?.bytes ?? 0, after: row.bytes, dead: row.dead }
  })
}

async function stand (sql: postgres.Sql): Promise<Standing[]> {
  // What another session has counted arrives a little later.
  await sql`select pg_sleep(1.5)`
  return await sql<Standing[]>`
    select relname as name, n_tup_upd::float8 as updates, n_tup_hot_upd::float8 as hot, pg_total_relation_size(relid)::float8 as bytes, n_dead_tup::float8 as dead
    from pg_stat_user_tables where schemaname = 'public' and relname in ('sessions', 'audit_events') order by relname desc`
}
