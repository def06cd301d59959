import { eq } from 'drizzle-orm'
import type { Database, Executor } from '../../../db/client.js'
import { constraintViolated } from '../../../db/constraint-violated.js'
import { users } from '../../../db/schema/users.js'
import { recordEvent } from '../audit.js'
import { requireUnreserved } from '../email-restoration.js'
import { AuthError } from '../errors.js'
import { enqueueLink } from '../mail-outbox.js'
import type { ContractPolicy } from '../policy.js'
import { newRowId } from '../row-id.js'
import { revokeSessionById, revokeSessions } from '../sessions.js'
import { eraseAccount } from '../account-erasure.js'
import { assignRoles, type Assignment, heldAssignments } from './assignments.js'
import { type Actor, administer, administerAccount, doneBy, isAdministrative, requireAdministratorLeft, requireMayChange } from './standing.js'

export interface AdministeredAccount {
  /** in its normal form */
  email: string
  username?: string | undefined
  name?: string | undefined
  phone?: string | undefined
  outletId?: string | undefined
  roles: readonly Assignment[]
  /** without one the owner chooses it, by a link in a mail */
  password?: { hash: string, isEmailProven: boolean } | undefined
}

/**
 * Makes an account. Without a password its address is mailed a link, good for 7 days, to choose one; with one, a link that
 * verifies the address, unless it counts as proven.
 *
 * @param policy of the contract whose page the link opens
 * @returns the account's id
 * @throws AuthError `forbidden`, `email_taken`, `username_taken`, `outlet_not_found`, `role_not_found`
 */
export async function createAccount (db: Database, actor: Actor, policy: ContractPolicy, { roles, password, ...account }: AdministeredAccount, now: Date): Promise<string> {
  const id = newRowId(now)
  return await refusing(async () => await administer(db, actor, 'users.create', async (tx, standing) => {
    await tx.insert(users).values({ id, ...account, passwordHash: password?.hash ?? null, emailVerifiedAt: password?.isEmailProven === true ? now : null, createdAt: now, updatedAt: now })
    await requireUnreserved(tx, account.email, id, now)
    await assignRoles(tx, standing, id, roles, now)
    await record(tx, actor, 'account.created', id, now)
    if (password?.isEmailProven !== true) {
      await enqueueLink(tx, { kind: password === undefined ? 'choose_password' : 'verify_email', recipient: account.email, policy, accountId: id }, now)
    }
    return id
  }))
}

/** What an administrator may change of an account beside its roles; its address is its owner's alone to change. */
export interface AccountChange {
  username?: string | undefined
  name?: string | undefined
  phone?: string | undefined
  outletId?: string | null | undefined
}

/**
 * @throws AuthError `forbidden`, also for an account that may do what the actor may not; `account_not_found`,
 *   `username_taken`, `outlet_not_found`
 */
export async function changeAccount (db: Database, actor: Actor, accountId: string, change: AccountChange, now: Date): Promise<void> {
  await refusing(async () => {
    await administerAccount(db, actor, 'users.update', accountId, async (tx, target, standing) => {
      requireMayChange(standing, target)
      await tx.update(users).set({ ...change, updatedAt: now }).where(eq(users.id, accountId))
      await record(tx, actor, 'account.changed', accountId, now, { fields: Object.keys(change) })
    })
  })
}

/**
 * Gives an account these roles and no others.
 *
 * @throws AuthError `forbidden` for a role or an account that may do what the actor may not; `account_not_found`,
 *   `role_not_found`, `last_administrator`
 */
export async function changeRoles (db: Database, actor: Actor, accountId: string, roles: readonly Assignment[], now: Date): Promise<void> {
  await reviseRoles(db, actor, accountId, () => roles, now)
}

/**
 * Like {@link changeRoles}, from the roles that the account has at that moment.
 *
 * @param revise the roles that it is to have, undefined where they are to stay
 * @returns whether they were changed
 * @throws AuthError also what `revise` throws
 */
export async function reviseRoles (db: Database, actor: Actor, accountId: string, revise: (held: readonly Assignment[]) => readonly Assignment[] | undefined, now: Date): Promise<boolean> {
  return await refusing(async () => await administerAccount(db, actor, 'users.update', accountId, async (tx, target, standing) => {
    requireMayChange(standing, target)
    const roles = revise(await heldAssignments(tx, accountId))
    if (roles === undefined) return false
    const assigned = await assignRoles(tx, standing, accountId, roles, now)
    if (isAdministrative(target)) await requireAdministratorLeft(tx)
    await record(tx, actor, 'account.roles_changed', accountId, now, { roles: assigned })
    return true
  }))
}

/**
 * Disables an account and ends its sessions; enabling it brings none of them back. Once more changes nothing.
 *
 * @throws AuthError `forbidden`, `account_not_found`, `last_administrator`
 */
export async function disableAccount (db: Database, actor: Actor, accountId: string, now: Date): Promise<void> {
  await administerAccount(db, actor, 'users.update', accountId, async (tx, target, standing) => {
    requireMayChange(standing, target)
    if (target.disabledAt !== null) return
    await tx.update(users).set({ disabledAt: now, updatedAt: now }).where(eq(users.id, accountId))
    if (isAdministrative(target)) await requireAdministratorLeft(tx)
    await revokeSessions(tx, accountId, 'disabled', actor.requester, now)
    await record(tx, actor, 'account.disabled', accountId, now)
  })
}

/** @throws AuthError `forbidden`, `account_not_found` */
export async function enableAccount (db: Database, actor: Actor, accountId: string, now: Date): Promise<void> {
  await administerAccount(db, actor, 'users.update', accountId, async (tx, target, standing) => {
    requireMayChange(standing, target)
    if (target.disabledAt === null) return
    await tx.update(users).set({ disabledAt: null, updatedAt: now }).where(eq(users.id, accountId))
    await record(tx, actor, 'account.enabled', accountId, now)
  })
}

/**
 * Deletes an account for good, with all that is held about it but the events' bare facts.
 *
 * @throws AuthError `forbidden`, `account_not_found`, `last_administrator`
 */
export async function deleteAccount (db: Database, actor: Actor, accountId: string, now: Date): Promise<void> {
  await administerAccount(db, actor, 'users.delete', accountId, async (tx, target, standing) => {
    requireMayChange(standing, target)
    await eraseAccount(tx, accountId, target.email)
    if (isAdministrative(target)) await requireAdministratorLeft(tx)
    await record(tx, actor, 'account.deleted', accountId, now)
  })
}

/**
 * Ends one of an account's sessions, or all of them.
 *
 * @returns how many ended
 * @throws AuthError `forbidden`, `account_not_found`; `session_not_found` when the one that is named is not live
 */
export async function endSessions (db: Database, actor: Actor, accountId: string, sessionId: string | undefined, now: Date): Promise<number> {
  return await administerAccount(db, actor, 'sessions.manage', accountId, async tx => {
    const ended = sessionId === undefined
      ? await revokeSessions(tx, accountId, 'revoked_by_administrator', actor.requester, now)
      : await revokeSessionById(tx, accountId, sessionId, 'revoked_by_administrator', actor.requester, now)
    if (sessionId !== undefined && ended === 0) throw new AuthError('session_not_found')
    await record(tx, actor, 'account.sessions_ended', accountId, now, { ended })
    return ended
  })
}

/**
 * Mails an account's owner the link that verifies the address or resets the password, held back like any other of its kind.
 *
 * @returns whether it was: not for an address that is verified, a disabled account, or after five in an hour
 * @throws AuthError `forbidden`, `account_not_found`
 */
export async function sendLink (db: Database, actor: Actor, policy: ContractPolicy, accountId: string, kind: 'verify_email' | 'reset_password', now: Date): Promise<boolean> {
  return await administerAccount(db, actor, 'users.update', accountId, async (tx, target, standing) => {
    requireMayChange(standing, target)
    if (target.disabledAt !== null || (kind === 'verify_email' && target.emailVerifiedAt !== null)) return false
    if (!await enqueueLink(tx, { kind, recipient: target.email, policy, accountId }, now)) return false
    await record(tx, actor, kind === 'verify_email' ? 'account.verification_sent' : 'account.reset_sent', accountId, now)
    return true
  })
}

async function record (tx: Executor, actor: Actor, type: Parameters<typeof recordEvent>[1]['type'], accountId: string, now: Date, details?: Record<string, unknown>): Promise<void> {
  await recordEvent(tx, { type, userId: accountId, details, ...doneBy(actor) }, now)
}

/** What a lost race means: somebody else took the name, or an outlet or role vanished. */
export async function refusing<Result> (work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    switch (constraintViolated(error)) {
      case 'users_email_unique': throw new AuthError('email_taken')
      case 'users_username_unique': throw new AuthError('username_taken')
      case 'users_outlet_id_outlets_id_fk': throw new AuthError('outlet_not_found')
      case 'user_roles_role_id_roles_id_fk': throw new AuthError('role_not_found')
      default: throw error
    }
  }
}
