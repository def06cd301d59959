import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'

/** Milliseconds for which a pooler with one connection in all may keep the second client waiting. */
const PATIENCE = 2000

/** The way to the database forgets what was prepared, so that statements would fail now and then. */
export class PoolerError extends Error {
  constructor () {
    super('DATABASE_URL leads through a pooler that forgets prepared statements: let it lend its connections for a session (in PgBouncer pool_mode=session), or keep them (max_prepared_statements)')
    this.name = 'PoolerError'
  }
}

/**
 * Looks whether a client's next statement may reach another connection of the database, as behind a pooler that lends them for
 * a transaction, and if so, whether the pooler takes what was prepared along.
 *
 * @param url postgres:// URL
 * @throws PoolerError if it does not; otherwise the driver's own error
 */
export async function checkPooler (url: string): Promise<void> {
  const options = { max: 1, connect_timeout: 5, onnotice: () => {} }
  const one = postgres(url, options)
  const other = postgres(url, options)
  try {
    const before = await backendOf(one)
    // The other takes the connection that has just become free, if there is one to take.
    const after = await other.begin(async sql => {
      await backendOf(sql)
      return await Promise.race([backendOf(one), delay(PATIENCE, before, { ref: false })])
    })
    if (after !== before && !await keepsPrepared(one)) throw new PoolerError()
  } finally {
    await Promise.all([one.end({ timeout: 1 }), other.end({ timeout: 1 })])
  }
}

async function backendOf (sql: postgres.ISql): Promise<number> {
  const [row] = await sql.unsafe<Array<{ pid: number }>>('select pg_backend_pid() as pid')
  return row?.pid ?? 0
}

/** PgBouncer gives those that it keeps names of its own. */
async function keepsPrepared (sql: postgres.Sql): Promise<boolean> {
  return await sql.begin(async tx => {
    await tx`select ${1}::int`
    const names = await tx.unsafe("select from pg_prepared_statements where name like 'PGBOUNCER%'")
    return names.length > 0
  })
}
