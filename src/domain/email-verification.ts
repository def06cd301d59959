import { and, eq, gt, isNull } from 'drizzle-orm'
import type { Database } from '../../db/client.js'
import { constraintViolated } from '../../db/constraint-violated.js'
import { oneTimeTokens } from '../../db/schema/one-time-tokens.js'
import { users } from '../../db/schema/users.js'
import { recordEvent } from './audit.js'
import { AuthError } from './errors.js'
import { enqueueLink, enqueueNotice } from './mail-outbox.js'
import { spendToken } from './one-time-tokens.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'
import { revokeSessions } from './sessions.js'
import type { Reference } from './signed-reference.js'

/**
 * Proves an address by the token that was mailed to it. Where it is a new address of an account, it takes effect now and
 * the old one gets a notice. Every session that began before ends, but for the one that asks.
 *
 * @param reference what the token says, undefined for a forged one
 * @param asking the session that brought the token, if the request was signed in
 * @throws AuthError `invalid_verification_token` when it is forged, unknown, used, expired or superseded
 */
export async function verifyEmail (db: Database, policy: ContractPolicy, reference: Reference | undefined, requester: Requester, now: Date, asking?: { accountId: string, sessionId: string }): Promise<void> {
  if (reference === undefined) throw new AuthError('invalid_verification_token', { reason: 'forged' })
  const { accountId } = reference
  try {
    await db.transaction(async tx => {
      const email = await spendToken(tx, 'verify-email', reference, now)
      if (email === undefined) throw new AuthError('invalid_verification_token', { reason: 'used, expired or superseded' })
      const [account] = await tx.select({ email: users.email, verifiedAt: users.emailVerifiedAt }).from(users)
        .where(and(eq(users.id, accountId), isNull(users.disabledAt))).for('update')
      if (account === undefined) throw new AuthError('invalid_verification_token', { reason: 'disabled account' })
      const isNew = account.email !== email
      await tx.update(users).set({ email, emailVerifiedAt: isNew ? now : account.verifiedAt ?? now, updatedAt: now }).where(eq(users.id, accountId))
      await recordEvent(tx, { type: isNew ? 'email.changed' : 'email.verified', userId: accountId, contract: policy.name, requester }, now)
      if (isNew) await enqueueNotice(tx, { kind: 'email_changed', recipient: account.email, userId: accountId, policy }, now)
      await revokeSessions(tx, accountId, 'email_verified', requester, now, asking?.accountId === accountId ? asking.sessionId : undefined)
    })
  } catch (error) {
    if (constraintViolated(error) === 'users_email_unique') throw new AuthError('invalid_verification_token', { reason: 'the address was taken meanwhile' })
    throw error
  }
}

/**
 * Queues another verification mail for the account that asks: to the new address where a change waits to be proven, else
 * to its own.
 */
export async function resendVerification (db: Database, policy: ContractPolicy, accountId: string, now: Date): Promise<void> {
  await db.transaction(async tx => {
    const [account] = await tx.select({ email: users.email, pending: oneTimeTokens.email }).from(users)
      .leftJoin(oneTimeTokens, and(
        eq(oneTimeTokens.userId, users.id), eq(oneTimeTokens.purpose, 'verify-email'), isNull(oneTimeTokens.usedAt), gt(oneTimeTokens.expiresAt, now)))
      .where(eq(users.id, accountId))
    if (account === undefined) return
    const recipient = account.pending ?? account.email
    await enqueueLink(tx, { kind: 'verify_email', recipient, policy, accountId }, now)
  })
}

/** Queues a verification mail for an address, whether or not anybody has it: who asks cannot tell. */
export async function requestVerification (db: Database, policy: ContractPolicy, email: string, now: Date): Promise<void> {
  await enqueueLink(db, { kind: 'verify_email', recipient: email, policy }, now)
}
