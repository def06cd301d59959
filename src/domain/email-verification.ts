import { eq } from 'drizzle-orm'
import type { Database } from '../../db/client.js'
import { constraintViolated } from '../../db/constraint-violated.js'
import { users } from '../../db/schema/users.js'
import { lockAccount } from './accounts.js'
import { recordEvent } from './audit.js'
import { requireUnreserved, settleReturn } from './email-restoration.js'
import { AuthError } from './errors.js'
import { enqueueLink, enqueueNotice } from './mail-outbox.js'
import { findPendingAddress, proveToken, spendToken } from './one-time-tokens.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'
import { type AskingSession, confirmSession, revokeSessions } from './sessions.js'
import { recoveryPurpose, type Reference } from './signed-reference.js'

/**
 * Proves an address by the token that was mailed to it. Where it is a new address of an account, it takes effect now and
 * the old one gets a notice. Every session that began before ends, but for the one that asks.
 *
 * @param reference what the token says, undefined for a forged one
 * @param asking the session that brought the token, if the request was signed in
 * @throws AuthError `invalid_verification_token` when it is forged, unknown, used, expired or superseded
 */
export async function verifyEmail (db: Database, policy: ContractPolicy, reference: Reference | undefined, requester: Requester, now: Date, asking?: AskingSession): Promise<void> {
  if (reference === undefined) throw new AuthError('invalid_verification_token', { reason: 'forged' })
  const { accountId } = reference
  try {
    await db.transaction(async tx => {
      const account = await lockAccount(tx, accountId)
      if (account === undefined) throw new AuthError('invalid_verification_token', { reason: 'disabled account', accountId })
      const email = await spendToken(tx, 'verify-email', reference, now)
      if (email === undefined) throw new AuthError('invalid_verification_token', { reason: 'used, expired or superseded', accountId })
      const isNew = account.email !== email
      await tx.update(users).set({ email, emailVerifiedAt: isNew ? now : account.emailVerifiedAt ?? now, updatedAt: now }).where(eq(users.id, accountId))
      if (isNew) {
        await requireUnreserved(tx, email, accountId, now)
        await settleReturn(tx, accountId, email, now)
      }
      await recordEvent(tx, { type: isNew ? 'email.changed' : 'email.verified', userId: accountId, contract: policy.name, requester }, now)
      if (isNew) await enqueueNotice(tx, { kind: 'email_changed', recipient: account.email, userId: accountId, isProven: account.emailVerifiedAt !== null, policy }, now)
      await revokeSessions(tx, accountId, 'email_verified', requester, now, sessionOf(accountId, asking))
    })
  } catch (error) {
    const isTaken = constraintViolated(error) === 'users_email_unique' || (error instanceof AuthError && error.code === 'email_taken')
    throw isTaken ? new AuthError('invalid_verification_token', { reason: 'the address was taken meanwhile', accountId }) : error
  }
}

/**
 * Proves an address by the token of a recovery, without spending it: that is left to the reset. Every session that began
 * before ends, but for the one that asks.
 *
 * @param reference what the token says
 * @throws AuthError `invalid_verification_token` when it is unknown, used, expired or superseded, or the account has another address now
 */
export async function proveRecovery (db: Database, policy: ContractPolicy, reference: Reference, requester: Requester, now: Date, asking?: AskingSession): Promise<void> {
  const { accountId } = reference
  await db.transaction(async tx => {
    const account = await lockAccount(tx, accountId)
    const email = await proveToken(tx, recoveryPurpose(policy.name), reference, now)
    if (email === undefined) throw new AuthError('invalid_verification_token', { reason: 'used, expired or superseded', accountId })
    if (account?.email !== email) throw new AuthError('invalid_verification_token', { reason: 'disabled account or another address', accountId })
    if (account.emailVerifiedAt === null) {
      await tx.update(users).set({ emailVerifiedAt: now, updatedAt: now }).where(eq(users.id, accountId))
      await recordEvent(tx, { type: 'email.verified', userId: accountId, contract: policy.name, requester }, now)
    }
    await revokeSessions(tx, accountId, 'email_verified', requester, now, sessionOf(accountId, asking))
  })
}

/** The session that asks goes on, if it is the account's own. */
function sessionOf (accountId: string, asking: AskingSession | undefined): string | undefined {
  return asking?.accountId === accountId ? asking.sessionId : undefined
}

/**
 * Queues another verification mail for the account that asks: to the new address where a change waits to be proven, else
 * to its own.
 *
 * @throws AuthError `invalid_access_token` when the session that asks has ended
 */
export async function resendVerification (db: Database, policy: ContractPolicy, asking: AskingSession, now: Date): Promise<void> {
  const { accountId } = asking
  await db.transaction(async tx => {
    const account = await lockAccount(tx, accountId)
    await confirmSession(tx, asking, now)
    if (account === undefined) return
    const recipient = await findPendingAddress(tx, accountId, now) ?? account.email
    await enqueueLink(tx, { kind: recipient === account.email ? 'verify_email' : 'confirm_new_email', recipient, policy, accountId }, now)
  })
}

/** Queues a verification mail for an address, whether or not anybody has it: who asks cannot tell. */
export async function requestVerification (db: Database, policy: ContractPolicy, email: string, now: Date): Promise<void> {
  await enqueueLink(db, { kind: 'verify_email', recipient: email, policy }, now)
}
