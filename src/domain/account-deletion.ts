import { and, eq, lte } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.js'
import { users } from '../../db/schema/users.js'
import { eraseAccount } from './account-erasure.js'
import { findPasswordHash, lockAccount } from './accounts.js'
import { lockAdministration, requireAdministratorLeft } from './administration/standing.js'
import { recordEvent } from './audit.js'
import { type Clock, secondsAfter } from './clock.js'
import { AuthError } from './errors.js'
import { enqueueNotice } from './mail-outbox.js'
import type { PasswordHasher } from './password-hasher.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'
import { isAdministrator } from './roles.js'
import { type AskingSession, confirmSession, revokeSessions } from './sessions.js'

/** Seconds in which signing in revives an account that its owner deleted. */
export const DELETION_GRACE = 14 * 24 * 3600

/** Accounts that go at a time, each in a transaction of its own. */
const AT_A_TIME = 100

/**
 * Deletes the account that asks: its sessions end, and it goes for good when the grace is over, unless it signs in before.
 *
 * @returns when it goes
 * @throws AuthError `current_password_incorrect`, `last_administrator`, `overloaded`, `too_many_attempts`; `invalid_access_token` when
 *   the session that asks has ended
 */
export async function requestDeletion (db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, asking: AskingSession, password: string, requester: Requester): Promise<{ dueAt: Date }> {
  const { accountId } = asking
  const hash = await findPasswordHash(db, accountId)
  const matches = await passwords.verify(hash, password, { by: 'account', value: accountId })
  if (!matches) throw new AuthError('current_password_incorrect', { accountId })
  const now = clock()
  const dueAt = secondsAfter(now, DELETION_GRACE)
  const administers = await isAdministrator(db, accountId)
  return await db.transaction(async tx => {
    if (administers) await lockAdministration(tx)
    const account = await lockAccount(tx, accountId)
    await confirmSession(tx, asking, now)
    if (account?.passwordHash !== hash) throw new AuthError('current_password_incorrect', { reason: 'changed meanwhile', accountId })
    await tx.update(users).set({ deletionDueAt: dueAt, updatedAt: now }).where(eq(users.id, accountId))
    if (administers) await requireAdministratorLeft(tx)
    await revokeSessions(tx, accountId, 'deleted', requester, now)
    await recordEvent(tx, { type: 'account.deletion_requested', userId: accountId, sessionId: asking.sessionId, contract: policy.name, requester }, now)
    await enqueueNotice(tx, { kind: 'deletion_requested', recipient: account.email, userId: accountId, isProven: account.emailVerifiedAt !== null, policy }, now)
    return { dueAt }
  })
}

/**
 * Keeps an account that its owner deleted, in the transaction of the sign-in that does so.
 *
 * @returns false when its grace is over
 */
export async function reviveAccount (tx: Executor, accountId: string, contract: string, requester: Requester, now: Date): Promise<boolean> {
  const [account] = await tx.select({ dueAt: users.deletionDueAt }).from(users).where(eq(users.id, accountId)).for('no key update')
  if (account === undefined) return false
  // Another sign-in was faster.
  if (account.dueAt === null) return true
  if (account.dueAt <= now) return false
  await tx.update(users).set({ deletionDueAt: null, updatedAt: now }).where(eq(users.id, accountId))
  await recordEvent(tx, { type: 'account.revived', userId: accountId, contract, requester }, now)
  return true
}

/**
 * Erases the accounts whose grace is over.
 *
 * @returns how many went
 */
export async function eraseDue (db: Database, now: Date): Promise<number> {
  let erased = 0
  for (;;) {
    const due = await db.select({ id: users.id }).from(users).where(isDue(now)).limit(AT_A_TIME)
    for (const { id } of due) {
      erased += await db.transaction(async tx => {
        // One that signs in at this moment is waited for, and then stays.
        const [account] = await tx.select({ email: users.email }).from(users).where(and(eq(users.id, id), isDue(now))).for('update')
        if (account === undefined) return 0
        await eraseAccount(tx, id, account.email)
        await recordEvent(tx, { type: 'account.deleted', userId: id, contract: null, reason: 'by its owner', requester: null }, now)
        return 1
      })
    }
    if (due.length < AT_A_TIME) return erased
  }
}

function isDue (now: Date) {
  return lte(users.deletionDueAt, now)
}
