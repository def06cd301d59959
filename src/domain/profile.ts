import { and, eq, isNull, ne } from 'drizzle-orm'
import type { Database } from '../../db/client.js'
import { constraintViolated } from '../../db/constraint-violated.js'
import { users } from '../../db/schema/users.js'
import { findPasswordHash } from './accounts.js'
import { recordEvent } from './audit.js'
import type { Clock } from './clock.js'
import { AuthError } from './errors.js'
import { enqueueLink } from './mail-outbox.js'
import type { PasswordHasher } from './password-hasher.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'

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
 * @throws AuthError `invalid_input` (a new email without the current password), `current_password_incorrect`,
 *   `email_taken`, `username_taken`, `overloaded`
 */
export async function updateProfile (db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, asking: { accountId: string, sessionId: string }, change: ProfileChange, requester: Requester): Promise<void> {
  const { accountId, sessionId } = asking
  const newEmail = await changedEmail(db, accountId, change.email)
  if (newEmail !== undefined) await confirmOwner(db, passwords, accountId, change.currentPassword, newEmail)
  const now = clock()
  try {
    await db.transaction(async tx => {
      if (change.username !== undefined) {
        await tx.update(users).set({ username: change.username, updatedAt: now }).where(and(eq(users.id, accountId), isNull(users.disabledAt)))
        await recordEvent(tx, { type: 'profile.updated', userId: accountId, sessionId, contract: policy.name, requester }, now)
      }
      if (newEmail !== undefined) {
        await enqueueLink(tx, { kind: 'verify_email', recipient: newEmail, policy, accountId }, now)
      }
    })
  } catch (error) {
    if (constraintViolated(error) === 'users_username_unique') throw new AuthError('username_taken')
    throw error
  }
}

/** @returns the address asked for, undefined when none is or it is the account's already */
async function changedEmail (db: Database, accountId: string, email: string | undefined): Promise<string | undefined> {
  if (email === undefined) return undefined
  const [other] = await db.select({ id: users.id }).from(users).where(and(eq(users.id, accountId), ne(users.email, email)))
  return other === undefined ? undefined : email
}

async function confirmOwner (db: Database, passwords: PasswordHasher, accountId: string, currentPassword: string | undefined, newEmail: string): Promise<void> {
  if (currentPassword === undefined) throw new AuthError('invalid_input', { issues: [{ field: 'currentPassword', rule: 'required' }] })
  const matches = await passwords.verify(await findPasswordHash(db, accountId), currentPassword)
  if (!matches) throw new AuthError('current_password_incorrect')
  const [holder] = await db.select({ id: users.id }).from(users).where(eq(users.email, newEmail))
  if (holder !== undefined) throw new AuthError('email_taken')
}
