import { and, asc, eq } from 'drizzle-orm'
import type { Database, Executor } from '../../../db/client.js'
import { constraintViolated } from '../../../db/constraint-violated.js'
import { invitations } from '../../../db/schema/invitations.js'
import { roles } from '../../../db/schema/roles.js'
import { recordEvent } from '../audit.js'
import { AuthError } from '../errors.js'
import { isOver } from '../invitations.js'
import { newRowId } from '../row-id.js'
import { type Actor, administer, doneBy, requireMayGive, type Standing } from './standing.js'

/** A role as administrators see it. */
export type Role = Omit<typeof roles.$inferSelect, 'version'>

/** What a role's permission may be called: words of small letters and digits, joined by dots, such as `reports.read`; every access token carries them. */
export const PERMISSION_NAME = /^(?=.{1,64}$)[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)*$/

const shown = {
  id: roles.id,
  number: roles.number,
  name: roles.name,
  permissions: roles.permissions,
  isAdmin: roles.isAdmin,
  selfAssignable: roles.selfAssignable,
  isDefault: roles.isDefault,
  createdAt: roles.createdAt,
  updatedAt: roles.updatedAt
}

/** @returns all roles, by number */
export async function listRoles (db: Executor): Promise<Role[]> {
  return await db.select(shown).from(roles).orderBy(asc(roles.number))
}

export interface NewRole {
  name: string
  permissions: readonly string[]
  /** whether anybody may choose it at registration */
  selfAssignable: boolean
}

/** @throws AuthError `forbidden` also for a permission that the actor lacks; `role_taken` */
export async function createRole (db: Database, actor: Actor, { name, permissions, selfAssignable }: NewRole, now: Date): Promise<Role> {
  return await refusing(async () => await administer(db, actor, 'roles.manage', async (tx, standing) => {
    requireMayGive(standing, { permissions, isAdmin: false })
    const role = { id: newRowId(now), name, permissions: distinct(permissions), isAdmin: false, selfAssignable, isDefault: false, createdAt: now, updatedAt: now }
    const [made] = await tx.insert(roles).values(role).returning(shown)
    if (made === undefined) throw new Error('making a role returned no row')
    await record(tx, actor, 'role.created', { id: made.id, name, permissions: role.permissions, selfAssignable }, now)
    return made
  }))
}

/**
 * Changes what is given of a role. What it permits holds for everybody who has it, at once.
 *
 * @throws AuthError `forbidden` also for a role that gives what the actor lacks, or would; `role_not_found`, `role_taken`;
 *   `role_protected` for an administrators' role that would be for anybody to choose
 */
export async function changeRole (db: Database, actor: Actor, id: string, change: Partial<NewRole>, now: Date): Promise<Role> {
  return await refusing(async () => await administer(db, actor, 'roles.manage', async (tx, standing) => {
    const known = await lockRole(tx, standing, id)
    const permissions = change.permissions === undefined ? known.permissions : distinct(change.permissions)
    requireMayGive(standing, { permissions, isAdmin: false })
    if (change.selfAssignable === true && known.isAdmin) throw new AuthError('role_protected', { reason: 'would make anybody an administrator' })
    const [changed] = await tx.update(roles).set({ ...change, permissions, updatedAt: now }).where(eq(roles.id, id)).returning(shown)
    if (changed === undefined) throw new AuthError('role_not_found')
    await record(tx, actor, 'role.changed', { id, name: changed.name, permissions, selfAssignable: changed.selfAssignable }, now)
    return changed
  }))
}

/**
 * @throws AuthError `forbidden` also for a role that gives what the actor lacks; `role_not_found`; `role_protected` for an
 *   administrators' role; `role_in_use` while an account or an invitation that is still good has it, or where it is the default
 */
export async function deleteRole (db: Database, actor: Actor, id: string, now: Date): Promise<void> {
  await refusing(async () => {
    await administer(db, actor, 'roles.manage', async (tx, standing) => {
      const { name, isAdmin, isDefault } = await lockRole(tx, standing, id)
      if (isAdmin) throw new AuthError('role_protected')
      if (isDefault) throw new AuthError('role_in_use', { reason: 'the default role' })
      await tx.delete(invitations).where(and(eq(invitations.roleId, id), isOver(now)))
      await tx.delete(roles).where(eq(roles.id, id))
      await record(tx, actor, 'role.deleted', { id, name }, now)
    })
  })
}

/** A role has power by its name too, where gateways ask for it: one that gives what the actor lacks is not theirs to touch. */
async function lockRole (tx: Executor, standing: Standing, id: string): Promise<Role> {
  const [role] = await tx.select(shown).from(roles).where(eq(roles.id, id)).for('update')
  if (role === undefined) throw new AuthError('role_not_found')
  requireMayGive(standing, role)
  return role
}

function distinct (permissions: readonly string[]): string[] {
  return [...new Set(permissions)]
}

async function record (tx: Executor, actor: Actor, type: 'role.created' | 'role.changed' | 'role.deleted', details: Record<string, unknown>, now: Date): Promise<void> {
  await recordEvent(tx, { type, userId: null, details, ...doneBy(actor) }, now)
}

async function refusing<Result> (work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    switch (constraintViolated(error)) {
      case 'roles_name_unique': throw new AuthError('role_taken')
      case 'user_roles_role_id_roles_id_fk':
      case 'invitations_role_id_roles_id_fk': throw new AuthError('role_in_use')
      default: throw error
    }
  }
}
