import { and, asc, desc, eq, inArray, notInArray } from 'drizzle-orm'
import type { Executor } from '../../../db/client.js'
import { roles } from '../../../db/schema/roles.js'
import { userRoles } from '../../../db/schema/user-roles.js'
import { AuthError } from '../errors.js'
import { requireMayGive, type Standing } from './standing.js'

/** A role that an account is to have. */
export interface Assignment {
  roleId: string
  /** whether it is in force */
  isActive: boolean
  /** whether it is the one that contracts of a single role show */
  isPrimary: boolean
}

/** @returns the roles that an account has, the primary one first */
export async function heldAssignments (tx: Executor, accountId: string): Promise<Assignment[]> {
  return await tx.select({ roleId: userRoles.roleId, isActive: userRoles.status, isPrimary: userRoles.isPrimary }).from(userRoles)
    .innerJoin(roles, eq(roles.id, userRoles.roleId)).where(eq(userRoles.userId, accountId)).orderBy(desc(userRoles.isPrimary), asc(roles.number))
}

/**
 * Gives an account these roles and no others; what stays as it was is not written, so that nobody is signed out over it.
 *
 * @returns the roles as an event tells of them
 * @throws AuthError `invalid_input` without exactly one primary role, which must be active, or with one twice; `role_not_found`;
 *   `forbidden` for a role that gives what the actor lacks, also one that is not in force yet
 */
export async function assignRoles (tx: Executor, standing: Standing, accountId: string, assignments: readonly Assignment[], now: Date): Promise<Array<{ name: string, isActive: boolean, isPrimary: boolean }>> {
  const [primary, ...more] = assignments.filter(assignment => assignment.isPrimary)
  const ids = assignments.map(assignment => assignment.roleId)
  if (primary?.isActive !== true || more.length > 0 || new Set(ids).size < ids.length) throw new AuthError('invalid_input', { issues: [{ field: 'roles', rule: 'roles' }] })
  const known = new Map((await tx.select().from(roles).where(inArray(roles.id, ids)).for('key share')).map(role => [role.id, role]))
  const held = new Map((await tx.select().from(userRoles).where(eq(userRoles.userId, accountId))).map(grant => [grant.roleId, grant]))
  const told = assignments.map(assignment => {
    const { roleId, isActive, isPrimary } = assignment
    const role = known.get(roleId)
    if (role === undefined) throw new AuthError('role_not_found')
    const grant = held.get(roleId)
    // One that it has, switched off, may stay so.
    if (grant === undefined || (isActive && !grant.status)) requireMayGive(standing, role)
    return { name: role.name, isActive, isPrimary }
  })
  await tx.delete(userRoles).where(and(eq(userRoles.userId, accountId), notInArray(userRoles.roleId, ids)))
  const changed = assignments.filter(({ roleId, isActive, isPrimary }) => held.get(roleId)?.status !== isActive || held.get(roleId)?.isPrimary !== isPrimary)
  // The primary one last: there is one at a time.
  for (const { roleId, isActive, isPrimary } of changed.sort((one, other) => Number(one.isPrimary) - Number(other.isPrimary))) {
    await tx.insert(userRoles).values({ userId: accountId, roleId, status: isActive, isPrimary, createdAt: now, updatedAt: now })
      .onConflictDoUpdate({ target: [userRoles.userId, userRoles.roleId], set: { status: isActive, isPrimary, updatedAt: now } })
  }
  return told
}
