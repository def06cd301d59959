import { eq } from 'drizzle-orm'
import type { Database } from '../../db/client.js'
import { constraintViolated } from '../../db/constraint-violated.js'
import { users } from '../../db/schema/users.js'
import { lockAccount } from './accounts.js'
import { recordEvent } from './audit.js'
import type { Clock } from './clock.js'
import { AuthError } from './errors.js'
import { enqueueLink } from './mail-outbox.js'
import type { PasswordHasher } from './password-hasher.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'
import { type AskingSession, confirmSession } from './sessions.js'

export interface ProfileChange {
  username?: string | undefined
  /** in its normal form; it takes effect when its mail is answered */
  email?: string | undefined
  /** needed for a new email */
  currentPassword?: string | undefined
}

/**
 * Changes the profile of the account that asks. A new username holds at once; a new email gets a mail and holds when
 * that is answered.
 *
 * @throws AuthError `invalid_input` (nothing to change, or a new email without the current password), `current_password_incorrect`,
 *   `email_taken`, `username_taken`, `invalid_access_token` (the session ended meanwhile), `overloaded`
 */
export async function updateProfile (db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, asking: AskingSession, change: ProfileChange, requester: Requester): Promise<void> {
  const { accountId, sessionId } = asking
  if (change.username === undefined && change.email === undefined) throw new AuthError('invalid_input', { issues: [{ field: '', rule: 'empty' }] })
  const email = await confirmedEmail(db, passwords, accountId, change)
  const now = clock()
  try {
    await db.transaction(async tx => {
      const account = await lockAccount(tx, accountId)
      await confirmSession(tx, asking, now)
      // The password was compared before the lock: a change or reset in between must not be undone by this mail.
      if (email !== undefined && account?.passwordHash !== email.confirmedBy) throw incorrect(accountId)
      if (change.username !== undefined) {
        await tx.update(users).set({ username: change.username, updatedAt: now }).where(eq(users.id, accountId))
        await recordEvent(tx, { type: 'profile.updated', userId: accountId, sessionId, contract: policy.name, requester }, now)
      }
      if (email !== undefined) await enqueueLink(tx, { kind: 'confirm_new_email', recipient: email.address, policy, accountId }, now)
    })
  } catch (error) {
    if (constraintViolated(error) === 'users_username_unique') throw new AuthError('username_taken')
    throw error
  }
}

/** @returns the new address and the hash by which its owner was confirmed, undefined when no other address is asked for */
async function confirmedEmail (db: Database, passwords: PasswordHasher, accountId: string, { email, currentPassword }: ProfileChange): Promise<{ address: string, confirmedBy: string } | undefined> {
  if (email === undefined) return undefined
  const [account] = await db.select({ email: users.email, passwordHash: users.passwordHash }).from(users).where(eq(users.id, accountId))
  if (account === undefined || account.email === email) return undefined
  if (currentPassword === undefined) throw new AuthError('invalid_input', { issues: [{ field: 'currentPassword', rule: 'required' }] })
  const matches = await passwords.verify(account.passwordHash, currentPassword)
  if (!matches || account.passwordHash === null) throw incorrect(accountId)
  const [holder] = await db.select({ id: users.id }).from(users).where(eq(users.email, email))
  if (holder !== undefined) throw new AuthError('email_taken')
  return { address: email, confirmedBy: account.passwordHash }
}

function incorrect (accountId: string): AuthError {
  return new AuthError('current_password_incorrect', { accountId })
}
