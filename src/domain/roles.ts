import { asc, desc, eq, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.js'
import { roles } from '../../db/schema/roles.js'
import { userRoles } from '../../db/schema/user-roles.js'
import { users } from '../../db/schema/users.js'

/** A role that an account holds and that is active. */
export interface HeldRole {
  id: string
  number: number
  name: string
  permissions: string[]
  isAdmin: boolean
}

/** The active roles of the row of `users` that a statement speaks of, the primary one first. */
export const rolesOfAccount = sql<HeldRole[]>`(
  select coalesce(json_agg(json_build_object('id', role.id, 'number', role.number, 'name', role.name,
    'permissions', role.permissions, 'isAdmin', role.is_admin) order by held.is_primary desc, role.number), '[]')
  from user_roles held join roles role on role.id = held.role_id
  where held.user_id = users.id and held.status)`

/** A role that an account was given. */
export interface AssignedRole {
  id: string
  name: string
  isAdmin: boolean
  isActive: boolean
  isPrimary: boolean
}

/** The same for all that it was given, active or not. */
export const assignmentsOfAccount = sql<AssignedRole[]>`(
  select coalesce(json_agg(json_build_object('id', role.id, 'name', role.name, 'isAdmin', role.is_admin,
    'isActive', held.status, 'isPrimary', held.is_primary) order by held.is_primary desc, role.number), '[]')
  from user_roles held join roles role on role.id = held.role_id
  where held.user_id = users.id)`

/** The version of all roles: it goes up whenever what one of them permits changes. */
export const rolesVersion = sql<number>`(select coalesce(max(version), 0)::int from roles)`

/** @returns what anybody may choose at registration, by number */
export async function listSelfAssignableRoles (db: Executor): Promise<Array<{ id: string, name: string }>> {
  return await db.select({ id: roles.id, name: roles.name }).from(roles).where(eq(roles.selfAssignable, true)).orderBy(asc(roles.number))
}

/** A role that was given to an account, whether or not it is active. */
export interface RoleAssignment {
  id: string
  name: string
  isActive: boolean
  /** whether it is the one that contracts of a single role show */
  isPrimary: boolean
  createdAt: Date
  updatedAt: Date
}

/** @returns every role that was given to an account, the primary one first */
export async function listRoleAssignments (db: Executor, accountId: string): Promise<RoleAssignment[]> {
  return await db.select({ id: roles.id, name: roles.name, isActive: userRoles.status, isPrimary: userRoles.isPrimary, createdAt: userRoles.createdAt, updatedAt: userRoles.updatedAt })
    .from(userRoles).innerJoin(roles, eq(roles.id, userRoles.roleId))
    .where(eq(userRoles.userId, accountId)).orderBy(desc(userRoles.isPrimary), asc(roles.number))
}

/** @returns the account's active roles as they are now, the primary one first */
export async function findHeldRoles (db: Executor, accountId: string): Promise<HeldRole[]> {
  const [account] = await db.select({ roles: rolesOfAccount }).from(users).where(eq(users.id, accountId))
  return account?.roles ?? []
}

/** @returns whether one of the account's active roles is an administrator's */
export async function isAdministrator (db: Executor, accountId: string): Promise<boolean> {
  return (await findHeldRoles(db, accountId)).some(role => role.isAdmin)
}
