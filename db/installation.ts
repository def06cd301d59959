import { sql } from 'drizzle-orm'
import type { Executor } from './client.js'

/** @returns what tells this database from every other one, whatever URL leads to it; the same on all instances */
export async function readInstallation (db: Executor): Promise<string> {
  const [row] = await db.execute<{ id: string }>(sql`
    select system_identifier::text || '-' || oid as id from pg_control_system(), pg_database where datname = current_database()`)
  if (row === undefined) throw new Error('the database does not say which one it is')
  return row.id
}
