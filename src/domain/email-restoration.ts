import { eq } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.js'
import { constraintViolated } from '../../db/constraint-violated.js'
import { users } from '../../db/schema/users.js'
import { lockAccount } from './accounts.js'
import { recordEvent } from './audit.js'
import { AuthError } from './errors.js'
import { enqueueNotice, enqueueOwedReset, enqueueRestoration, isToldOften } from './mail-outbox.js'
import { dropLaterRestoreTokens, dropTokens, isFormerAddress, issueRestoreToken, listFormerAddresses, spendToken } from './one-time-tokens.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'
import { revokeSessions } from './sessions.js'
import type { Reference } from './signed-reference.js'

/**
 * Whether an account may still be taken back from its address: that holds without a proof, and a former one can be restored.
 * Whoever reads its mail is told so: a stranger's address may have been put there for its owner to take the account over.
 */
export async function isContested (db: Executor, account: { id: string, email: string, emailVerifiedAt: Date | null }, now: Date): Promise<boolean> {
  if (account.emailVerifiedAt !== null) return false
  return (await listFormerAddresses(db, account.id, now)).some(former => former.email !== account.email)
}

/**
 * Settles, when an account gets an address, what could restore others: where it comes back to a former one, whoever had it
 * in between has no right to it.
 *
 * @returns whether it came back
 */
export async function settleReturn (tx: Executor, accountId: string, email: string, now: Date): Promise<boolean> {
  const former = (await listFormerAddresses(tx, accountId, now)).findLast(known => known.email === email)
  if (former !== undefined) await dropLaterRestoreTokens(tx, { accountId, counter: former.counter })
  return former !== undefined
}

/** Tells the former address of an account of a change that took effect at once, with a link that takes it back. */
export async function offerRestoration (tx: Executor, policy: ContractPolicy, account: { id: string, email: string, emailVerifiedAt: Date | null }, now: Date): Promise<void> {
  const mail = { recipient: account.email, userId: account.id, isProven: account.emailVerifiedAt !== null, policy }
  if (!mail.isProven && await isToldOften(tx, account.email, now)) return
  const token = await issueRestoreToken(tx, { userId: account.id, email: account.email }, now)
  if (token === undefined) await enqueueNotice(tx, { ...mail, kind: 'email_changed' }, now)
  else await enqueueRestoration(tx, { ...mail, token }, now)
}

/**
 * Makes sure, within the transaction that gives an account an address and after it did, that nobody else may still take
 * that address back: the owner of a hijacked account would find it taken.
 *
 * @throws AuthError `email_taken`
 */
export async function requireUnreserved (tx: Executor, email: string, accountId: string, now: Date): Promise<void> {
  if (await isFormerAddress(tx, email, now, accountId)) throw new AuthError('email_taken', { reason: 'the former address of another account' })
}

/**
 * Gives an account its former address back, by the token that was mailed there when it was changed. That proves the
 * address. Whoever changed it may know the password: it is good no more, every session ends, and a reset mail goes out.
 *
 * @param reference what the token says, undefined for a forged one
 * @returns the address that was restored
 * @throws AuthError `invalid_restore_token` when it is forged, unknown, used or expired
 */
export async function restoreEmail (db: Database, policy: ContractPolicy, reference: Reference | undefined, requester: Requester, now: Date): Promise<{ email: string }> {
  if (reference === undefined) throw new AuthError('invalid_restore_token', { reason: 'forged' })
  const { accountId } = reference
  try {
    return await db.transaction(async tx => {
      const account = await lockAccount(tx, accountId)
      if (account === undefined) throw new AuthError('invalid_restore_token', { reason: 'disabled account', accountId })
      const email = await spendToken(tx, 'restore-email', reference, now)
      if (email === undefined) throw new AuthError('invalid_restore_token', { reason: 'used, expired or unknown', accountId })
      if (account.email !== email) await enqueueNotice(tx, { kind: 'email_changed', recipient: account.email, userId: accountId, isProven: account.emailVerifiedAt !== null, policy }, now)
      await tx.update(users).set({ email, emailVerifiedAt: now, passwordHash: null, updatedAt: now }).where(eq(users.id, accountId))
      await dropLaterRestoreTokens(tx, reference)
      await dropTokens(tx, accountId)
      await revokeSessions(tx, accountId, 'email_restored', requester, now)
      await recordEvent(tx, { type: 'email.restored', userId: accountId, contract: policy.name, requester }, now)
      await enqueueOwedReset(tx, { recipient: email, userId: accountId, policy }, now)
      return { email }
    })
  } catch (error) {
    if (constraintViolated(error) === 'users_email_unique') throw new AuthError('invalid_restore_token', { reason: 'the address was taken meanwhile', accountId })
    throw error
  }
}
