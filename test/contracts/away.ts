import { setImmediate } from 'node:timers/promises'
import postgres from 'postgres'
import type { Kunci } from '../helper.js'

/** Takes a database away, with all that was under way on it, or gives it back. */
export async function away (kunci: Kunci, isAway: boolean): Promise<void> {
  const database = new URL(kunci.databaseUrl).pathname.slice(1)
  const admin = postgres(Object.assign(new URL(kunci.databaseUrl), { pathname: '/postgres' }).href, { max: 1 })
  await admin.unsafe(`alter database ${database} allow_connections ${String(!isAway)}`)
  if (isAway) await admin`select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = ${database}`
  await admin.end()
  // Until the server has noticed that its connections are closed.
  for (let turn = 0; turn < 10; turn++) await setImmediate()
}
