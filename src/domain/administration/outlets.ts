import { asc, eq } from 'drizzle-orm'
import type { Database, Executor } from '../../../db/client.js'
import { constraintViolated } from '../../../db/constraint-violated.js'
import { outlets } from '../../../db/schema/outlets.js'
import { recordEvent } from '../audit.js'
import { AuthError } from '../errors.js'
import type { Registration } from '../outlets.js'
import { newRowId } from '../row-id.js'
import { type Actor, administer, doneBy } from './standing.js'

/** An outlet as administrators see it. */
export type Outlet = typeof outlets.$inferSelect

export interface NewOutlet {
  name: string
  registration: Registration
}

/** @returns all outlets, by name */
export async function listAllOutlets (db: Executor): Promise<Outlet[]> {
  return await db.select().from(outlets).orderBy(asc(outlets.name))
}

/** @throws AuthError `forbidden`, `outlet_taken` */
export async function createOutlet (db: Database, actor: Actor, outlet: NewOutlet, now: Date): Promise<Outlet> {
  return await refusing(async () => await administer(db, actor, 'outlets.manage', async tx => {
    const [made] = await tx.insert(outlets).values({ id: newRowId(now), ...outlet, createdAt: now, updatedAt: now }).returning()
    if (made === undefined) throw new Error('making an outlet returned no row')
    await record(tx, actor, 'outlet.created', made, now)
    return made
  }))
}

/** @throws AuthError `forbidden`, `outlet_not_found`, `outlet_taken` */
export async function changeOutlet (db: Database, actor: Actor, id: string, change: Partial<NewOutlet>, now: Date): Promise<Outlet> {
  return await refusing(async () => await administer(db, actor, 'outlets.manage', async tx => {
    const [changed] = await tx.update(outlets).set({ ...change, updatedAt: now }).where(eq(outlets.id, id)).returning()
    if (changed === undefined) throw new AuthError('outlet_not_found')
    await record(tx, actor, 'outlet.changed', changed, now)
    return changed
  }))
}

async function record (tx: Executor, actor: Actor, type: 'outlet.created' | 'outlet.changed', { id, name, registration }: Outlet, now: Date): Promise<void> {
  await recordEvent(tx, { type, userId: null, details: { id, name, registration }, ...doneBy(actor) }, now)
}

async function refusing<Result> (work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw constraintViolated(error) === 'outlets_name_unique' ? new AuthError('outlet_taken') : error
  }
}
