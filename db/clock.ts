import { sql } from 'drizzle-orm'
import type { Executor } from './client.js'

/** @returns what the database's clock says, which every instance and the command line share */
export async function readDatabaseClock (db: Executor): Promise<Date> {
  const [row] = await db.execute<{ milliseconds: string }>(sql`select extract(epoch from clock_timestamp()) * 1000 as milliseconds`)
  return new Date(Number(row?.milliseconds))
}
