import type { Database } from '../../../db/client.js'
import { AuthError } from '../errors.js'
import { reviseRoles } from './accounts.js'
import type { Assignment } from './assignments.js'
import type { Actor } from './standing.js'

/**
 * Gives an account one role more, active. It is the primary one where that is asked for, or where the account has no other.
 *
 * @returns whether that changed anything
 * @throws AuthError `forbidden` for a role or an account that may do what the actor may not; `account_not_found`, `role_not_found`;
 *   `last_administrator` where it is in the way
 */
export async function grantRole (db: Database, actor: Actor, accountId: string, grant: { roleId: string, isPrimary: boolean }, now: Date): Promise<boolean> {
  return await reviseRoles(db, actor, accountId, held => withRole(held, grant), now)
}

function withRole (held: readonly Assignment[], { roleId, isPrimary }: { roleId: string, isPrimary: boolean }): Assignment[] | undefined {
  const known = held.find(assignment => assignment.roleId === roleId)
  const others = held.filter(assignment => assignment !== known)
  const becomesPrimary = isPrimary || !others.some(assignment => assignment.isPrimary && assignment.isActive)
  if (known?.isActive === true && known.isPrimary === becomesPrimary) return undefined
  return [...becomesPrimary ? others.map(assignment => ({ ...assignment, isPrimary: false })) : others, { roleId, isActive: true, isPrimary: becomesPrimary }]
}

/**
 * Takes a role from an account. Of those that are left the first active one becomes the primary one, where this one was.
 *
 * @returns whether that changed anything
 * @throws AuthError `forbidden`, `account_not_found`, `last_administrator`; `invalid_input` for the only active role that it has
 */
export async function revokeRole (db: Database, actor: Actor, accountId: string, roleId: string, now: Date): Promise<boolean> {
  return await reviseRoles(db, actor, accountId, held => withoutRole(held, roleId), now)
}

function withoutRole (held: readonly Assignment[], roleId: string): Assignment[] | undefined {
  const left = held.filter(assignment => assignment.roleId !== roleId)
  if (left.length === held.length) return undefined
  const primary = left.find(assignment => assignment.isPrimary && assignment.isActive) ?? left.find(assignment => assignment.isActive)
  if (primary === undefined) throw new AuthError('invalid_input', { issues: [{ field: 'roles', rule: 'roles' }] })
  return left.map(assignment => ({ ...assignment, isPrimary: assignment === primary }))
}
