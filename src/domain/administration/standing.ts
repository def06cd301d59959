import { asc, eq, inArray, sql } from 'drizzle-orm'
import type { Database, Executor } from '../../../db/client.js'
import { userRoles } from '../../../db/schema/user-roles.js'
import { users } from '../../../db/schema/users.js'
import type { NewEvent } from '../audit.js'
import { AuthError } from '../errors.js'
import type { Requester } from '../requester.js'
import { type HeldRole, rolesOfAccount } from '../roles.js'
import { revokedMeanwhile } from '../token-refusal.js'

/** What acts of administration need, each by itself. Roles may bear others, which are for applications to read. */
export const permissions = ['users.create', 'users.read', 'users.update', 'users.delete', 'roles.manage', 'outlets.manage', 'sessions.manage', 'audit.read'] as const

export type Permission = typeof permissions[number]

/** Who administers: an account, or whoever has the command line. */
export interface Actor {
  /** null for the command line, which may do everything */
  accountId: string | null
  /** by which of its sessions it asks: no act outlives that one */
  sessionId?: string | undefined
  requester: Requester | null
}

/** The reason of an event that tells of an act of the command line, which has no account to name. */
export const COMMAND_LINE = 'command line'

/** What an act's event says of who did it. */
export function doneBy ({ accountId, requester }: Actor): Pick<NewEvent, 'actorId' | 'contract' | 'reason' | 'requester'> {
  return { actorId: accountId, contract: null, requester, ...accountId === null ? { reason: COMMAND_LINE } : {} }
}

/** What an actor may do at this moment. */
export interface Standing {
  may: (permission: string) => boolean
  isAdmin: boolean
}

/** An account that is being administered, locked for the rest of the transaction. */
export interface Target {
  id: string
  email: string
  username: string | null
  emailVerifiedAt: Date | null
  disabledAt: Date | null
  /** its active roles */
  roles: HeldRole[]
}

/** The advisory lock under which acts of administration follow one another: two at once must not remove the last two administrators. */
const ADMINISTRATION_LOCK = 2

const EVERYTHING: Standing = { may: () => true, isAdmin: true }

/**
 * Does an act of administration in one transaction, with what its actor may do read within it: a permission that was taken away a
 * moment ago is gone.
 *
 * @param need the permission that the act takes
 * @param targetId the account that is administered, if one is
 * @returns what the work returns
 * @throws AuthError `forbidden` without the permission; `account_not_found` for a target that does not exist;
 *   `invalid_access_token` when the actor is disabled or gone, or the session that asks has ended; what the work throws, and then nothing was done
 */
export async function administer<Result> (db: Database, actor: Actor, need: Permission, work: (tx: Executor, standing: Standing) => Promise<Result>): Promise<Result> {
  return await administerLocked(db, actor, need, undefined, work)
}

/** Like {@link administer}, of an account, which is locked. */
export async function administerAccount<Result> (db: Database, actor: Actor, need: Permission, accountId: string, work: (tx: Executor, target: Target, standing: Standing) => Promise<Result>): Promise<Result> {
  return await administerLocked(db, actor, need, accountId, async (tx, standing) => await work(tx, await findTarget(tx, accountId), standing))
}

async function administerLocked<Result> (db: Database, actor: Actor, need: Permission, targetId: string | undefined, work: (tx: Executor, standing: Standing) => Promise<Result>): Promise<Result> {
  return await db.transaction(async tx => {
    await lockAdministration(tx)
    // Whoever signs the actor out waits for the act. Both accounts in the order in which a sign-out of several locks them.
    const ids = [actor.accountId, targetId].filter(id => typeof id === 'string')
    await tx.select({ id: users.id }).from(users).where(inArray(users.id, ids)).orderBy(asc(users.id)).for('no key update')
    return await work(tx, await requireStanding(tx, actor, need))
  })
}

/** Lets acts of administration, and what else can leave no administrator, follow one another. Before any row is locked. */
export async function lockAdministration (tx: Executor): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(${ADMINISTRATION_LOCK}, 0)`)
}

/**
 * @param need a permission, or several of which one is enough
 * @returns what an actor may do
 * @throws AuthError `forbidden` when that is not what is needed; `invalid_access_token` when the account is disabled or gone, or
 *   the session that asks has ended
 */
export async function requireStanding (db: Executor, { accountId, sessionId }: Actor, need: Permission | readonly Permission[]): Promise<Standing> {
  if (accountId === null) return EVERYTHING
  const hasEnded = sessionId === undefined
    ? sql<boolean>`false`
    : sql<boolean>`not exists (select from sessions asking where asking.user_id = users.id and asking.id = ${sessionId} and asking.revoked_at is null)`
  const [account] = await db.select({ disabledAt: users.disabledAt, hasEnded, roles: rolesOfAccount }).from(users).where(eq(users.id, accountId))
  if (account === undefined || account.disabledAt !== null || account.hasEnded) throw revokedMeanwhile('disabled, gone or signed out', { accountId, ...sessionId === undefined ? {} : { sessionId } })
  const isAdmin = account.roles.some(role => role.isAdmin)
  const held = new Set(account.roles.flatMap(role => role.permissions))
  const standing = { isAdmin, may: (permission: string) => isAdmin || held.has(permission) }
  const needed = [need].flat()
  if (!needed.some(standing.may)) throw new AuthError('forbidden', { reason: `lacks ${needed.join(' or ')}`, accountId })
  return standing
}

async function findTarget (tx: Executor, accountId: string): Promise<Target> {
  const [target] = await tx.select({ id: users.id, email: users.email, username: users.username, emailVerifiedAt: users.emailVerifiedAt, disabledAt: users.disabledAt, roles: rolesOfAccount })
    .from(users).where(eq(users.id, accountId))
  if (target === undefined) throw new AuthError('account_not_found')
  return target
}

/**
 * Nobody gives what they lack, whether to others or, by way of a role that anybody may take, to themselves.
 *
 * @throws AuthError `forbidden`
 */
export function requireMayGive (standing: Standing, role: { permissions: readonly string[], isAdmin: boolean }): void {
  const lacking = role.permissions.find(permission => !standing.may(permission))
  if (lacking !== undefined) throw new AuthError('forbidden', { reason: `would give ${lacking}` })
  if (role.isAdmin && !standing.isAdmin) throw new AuthError('forbidden', { reason: 'would make an administrator' })
}

/**
 * Nobody changes an account that may do more than they: by its address or its reset they would become it.
 *
 * @throws AuthError `forbidden`
 */
export function requireMayChange (standing: Standing, target: Target): void {
  for (const role of target.roles) requireMayGive(standing, role)
}

/**
 * Makes sure, at the end of an act, that somebody is left who may do everything.
 *
 * @throws AuthError `last_administrator`
 */
export async function requireAdministratorLeft (tx: Executor): Promise<void> {
  const [left] = await tx.execute(sql`
    select 1 from ${users} join ${userRoles} held on held.user_id = ${users.id} join roles role on role.id = held.role_id
    where role.is_admin and held.status and ${users.disabledAt} is null and ${users.deletionDueAt} is null limit 1`)
  if (left === undefined) throw new AuthError('last_administrator')
}

/** @returns whether one of these accounts' roles makes it an administrator */
export function isAdministrative ({ roles }: Target): boolean {
  return roles.some(role => role.isAdmin)
}
