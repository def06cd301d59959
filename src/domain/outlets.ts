import { asc, eq } from 'drizzle-orm'
import type { Executor } from '../../db/client.js'
import { outlets } from '../../db/schema/outlets.js'

/** Who may register at an outlet: anybody, who is invited, or nobody. */
export const registrations = ['open', 'invitation', 'closed'] as const

export type Registration = typeof registrations[number]

export function isRegistration (text: string): text is Registration {
  return registrations.some(known => known === text)
}

/** @returns the outlets at which anybody may register, by name */
export async function listOutlets (db: Executor): Promise<Array<{ id: string, name: string }>> {
  return await db.select({ id: outlets.id, name: outlets.name }).from(outlets).where(eq(outlets.registration, 'open')).orderBy(asc(outlets.name))
}
