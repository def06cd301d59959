import { eq } from 'drizzle-orm'
import type { Database } from '../../db/client.js'
import { users } from '../../db/schema/users.js'
import { findPasswordHash, lockAccount } from './accounts.js'
import { recordEvent } from './audit.js'
import type { Clock } from './clock.js'
import { AuthError } from './errors.js'
import { enqueueNotice } from './mail-outbox.js'
import { dropTokens } from './one-time-tokens.js'
import type { PasswordHasher } from './password-hasher.js'
import { requirePassword } from './password-rules.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'
import { type AskingSession, confirmSession, revokeSessions } from './sessions.js'

/**
 * Changes the password of the account that asks. Its other sessions end, the one that asks goes on, and every token that
 * was mailed before is dead.
 *
 * @throws AuthError `invalid_input` (the new password), `old_password_incorrect`, `account_not_found` (it has vanished), `invalid_access_token` (the session ended meanwhile), `overloaded`
 */
export async function changePassword (db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, asking: AskingSession, change: { oldPassword: string, newPassword: string }, requester: Requester): Promise<void> {
  const { accountId, sessionId } = asking
  requirePassword(change.newPassword, policy.passwordRule)
  const oldHash = await findPasswordHash(db, accountId)
  if (!await passwords.verify(oldHash, change.oldPassword, { by: 'account', value: accountId }) || oldHash === null) throw new AuthError('old_password_incorrect', { accountId })
  const passwordHash = await passwords.hash(change.newPassword)
  const now = clock()
  await db.transaction(async tx => {
    const account = await lockAccount(tx, accountId)
    // One that has vanished meanwhile took its sessions along: that it is gone says more than that they are.
    if (account === undefined) await findPasswordHash(tx, accountId)
    await confirmSession(tx, asking, now)
    if (account?.passwordHash !== oldHash) throw new AuthError('old_password_incorrect', { reason: 'changed meanwhile', accountId })
    await tx.update(users).set({ passwordHash, updatedAt: now }).where(eq(users.id, accountId))
    await dropTokens(tx, accountId)
    await revokeSessions(tx, accountId, 'password_changed', requester, now, sessionId)
    await recordEvent(tx, { type: 'password.changed', userId: accountId, sessionId, contract: policy.name, requester }, now)
    await enqueueNotice(tx, { kind: 'password_changed', recipient: account.email, userId: accountId, isProven: account.emailVerifiedAt !== null, policy }, now)
  })
}
