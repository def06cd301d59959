import { eq } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.js'
import { constraintViolated } from '../../db/constraint-violated.js'
import { users } from '../../db/schema/users.js'
import { type LockedAccount, lockAccount } from './accounts.js'
import { recordEvent } from './audit.js'
import type { Clock } from './clock.js'
import { offerRestoration, requireUnreserved, settleReturn } from './email-restoration.js'
import { AuthError } from './errors.js'
import { enqueueLink, enqueueNotice } from './mail-outbox.js'
import { dropTokens, isFormerAddress } from './one-time-tokens.js'
import type { PasswordHasher } from './password-hasher.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'
import { type AskingSession, confirmSession } from './sessions.js'

export interface ProfileChange {
  username?: string | undefined
  name?: string | undefined
  phone?: string | undefined
  /** in its normal form; when it takes effect is the policy's to say */
  email?: string | undefined
  /** needed for a new email that waits to be proven */
  currentPassword?: string | undefined
}

/**
 * Changes the profile of the account that asks. Everything but a new email holds at once. By the policy a new email
 * either gets a mail, confirmed with the current password, and holds when that is answered; or it holds at once and
 * unproven, and the former address gets a link that restores it.
 *
 * @throws AuthError `invalid_input` (nothing to change), `current_password_required`, `current_password_incorrect`,
 *   `email_taken`, `username_taken`, `invalid_access_token` (the session ended meanwhile), `overloaded`
 */
export async function updateProfile (db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, asking: AskingSession, change: ProfileChange, requester: Requester): Promise<void> {
  const { accountId, sessionId } = asking
  const { email: _, currentPassword: __, ...fields } = change
  const changesFields = Object.values(fields).some(value => value !== undefined)
  if (!changesFields && change.email === undefined) throw new AuthError('invalid_input', { issues: [{ field: '', rule: 'empty' }] })
  const newEmail = await confirmedEmail(db, passwords, clock, policy, accountId, change)
  const now = clock()
  try {
    await db.transaction(async tx => {
      const account = await lockAccount(tx, accountId)
      await confirmSession(tx, asking, now)
      // The password was compared before the lock: a change or reset in between must not be undone by this mail.
      if (newEmail?.confirmedBy !== undefined && account?.passwordHash !== newEmail.confirmedBy) throw incorrect(accountId)
      if (changesFields) {
        await tx.update(users).set({ ...fields, updatedAt: now }).where(eq(users.id, accountId))
        await recordEvent(tx, { type: 'profile.updated', userId: accountId, sessionId, contract: policy.name, requester }, now)
      }
      if (newEmail === undefined) return
      const { address } = newEmail
      if (policy.newEmail === 'at_once') await replaceEmail(tx, policy, account, address, asking, requester, now)
      else await enqueueLink(tx, { kind: 'confirm_new_email', recipient: address, policy, accountId }, now)
    })
  } catch (error) {
    if (constraintViolated(error) === 'users_username_unique') throw new AuthError('username_taken')
    if (constraintViolated(error) === 'users_email_unique') throw new AuthError('email_taken')
    throw error
  }
}

/** @returns the new address and the hash by which its owner was confirmed, where that is asked for; undefined when no other address is wanted */
async function confirmedEmail (db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, accountId: string, { email, currentPassword }: ProfileChange): Promise<{ address: string, confirmedBy?: string } | undefined> {
  if (email === undefined) return undefined
  const [account] = await db.select({ email: users.email, passwordHash: users.passwordHash }).from(users).where(eq(users.id, accountId))
  if (account === undefined || account.email === email) return undefined
  const confirmed = policy.newEmail === 'at_once' ? {} : { confirmedBy: await confirmPassword(passwords, accountId, account.passwordHash, currentPassword) }
  const [holder] = await db.select({ id: users.id }).from(users).where(eq(users.email, email))
  if (holder !== undefined || await isFormerAddress(db, email, clock(), accountId)) throw new AuthError('email_taken')
  return { address: email, ...confirmed }
}

async function confirmPassword (passwords: PasswordHasher, accountId: string, hash: string | null, password: string | undefined): Promise<string> {
  if (password === undefined) throw new AuthError('current_password_required', { accountId })
  const matches = await passwords.verify(hash, password, { by: 'account', value: accountId })
  if (!matches || hash === null) throw incorrect(accountId)
  return hash
}

async function replaceEmail (tx: Executor, policy: ContractPolicy, account: LockedAccount | undefined, email: string, { accountId, sessionId }: AskingSession, requester: Requester, now: Date): Promise<void> {
  if (account === undefined || account.email === email) return
  await tx.update(users).set({ email, emailVerifiedAt: null, updatedAt: now }).where(eq(users.id, accountId))
  await requireUnreserved(tx, email, accountId, now)
  await recordEvent(tx, { type: 'email.changed', userId: accountId, sessionId, contract: policy.name, requester }, now)
  const cameBack = await settleReturn(tx, accountId, email, now)
  if (cameBack) await enqueueNotice(tx, { kind: 'email_changed', recipient: account.email, userId: accountId, isProven: account.emailVerifiedAt !== null, policy }, now)
  else await offerRestoration(tx, policy, { id: accountId, ...account }, now)
  // What was mailed before speaks of an address that this account no longer has, or waits for.
  await dropTokens(tx, accountId)
  await enqueueLink(tx, { kind: 'verify_email', recipient: email, policy, accountId }, now)
}

function incorrect (accountId: string): AuthError {
  return new AuthError('current_password_incorrect', { accountId })
}
