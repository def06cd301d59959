import { asc } from 'drizzle-orm'
import type { Executor } from '../../db/client.js'
import { outlets } from '../../db/schema/outlets.js'

/** @returns the outlets that a registration may name, by name */
export async function listOutlets (db: Executor): Promise<Array<{ id: string, name: string }>> {
  return await db.select({ id: outlets.id, name: outlets.name }).from(outlets).orderBy(asc(outlets.name))
}
