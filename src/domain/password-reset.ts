import { eq } from 'drizzle-orm'
import type { Database } from '../../db/client.js'
import { users } from '../../db/schema/users.js'
import { lockAccount } from './accounts.js'
import { recordEvent } from './audit.js'
import type { Clock } from './clock.js'
import { AuthError } from './errors.js'
import { enqueueLink, enqueueNotice } from './mail-outbox.js'
import { dropTokens, findUsableToken, spendToken, type TokenPurpose } from './one-time-tokens.js'
import { forgetAttempts } from './password-attempts.js'
import type { PasswordHasher } from './password-hasher.js'
import { requirePassword } from './password-rules.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'
import { revokeSessions } from './sessions.js'
import { recoveryPurpose, type Reference } from './signed-reference.js'

/** Queues a reset mail for an address, whether or not anybody has it: who asks cannot tell. */
export async function requestPasswordReset (db: Database, policy: ContractPolicy, email: string, now: Date): Promise<void> {
  await enqueueLink(db, { kind: 'reset_password', recipient: email, policy }, now)
}

/** The same for a recovery: a reset whose mailed token is proven in a step of its own, good through this contract alone. */
export async function requestRecovery (db: Database, policy: ContractPolicy, email: string, now: Date): Promise<void> {
  await enqueueLink(db, { kind: 'recover_account', recipient: email, policy }, now)
}

export interface PasswordReset {
  /** what the mailed token says, undefined for a forged one */
  reference: Reference | undefined
  password: string
}

/**
 * Sets a new password by a mailed token. That proves the address as well; every session ends, and so does every other
 * token that was mailed.
 *
 * @returns the account's address
 * @throws AuthError `invalid_reset_token` when it is forged, unknown, used, expired or superseded; `invalid_input` (the password); `overloaded`
 */
export async function resetPassword (db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, reset: PasswordReset, requester: Requester): Promise<{ email: string }> {
  return await resetBy('reset-password', db, passwords, clock, policy, reset, requester)
}

/**
 * Like {@link resetPassword}, by the token of a recovery, which must have been proven.
 *
 * @throws AuthError `invalid_reset_token` also when it was not
 */
export async function completeRecovery (db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, reset: PasswordReset, requester: Requester): Promise<{ email: string }> {
  return await resetBy(recoveryPurpose(policy.name), db, passwords, clock, policy, reset, requester)
}

async function resetBy (purpose: TokenPurpose, db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, { reference, password }: PasswordReset, requester: Requester): Promise<{ email: string }> {
  if (reference === undefined) throw new AuthError('invalid_reset_token', { reason: 'forged' })
  requirePassword(password, policy.passwordRule)
  const { accountId } = reference
  // Looked at first, so that a spent token costs no hash; spent below, where of two at once one wins.
  const token = await findUsableToken(db, purpose, reference, clock())
  if (token === undefined) throw spent(accountId)
  if (purpose !== 'reset-password' && !token.isProven) throw new AuthError('invalid_reset_token', { reason: 'never proven', accountId })
  const passwordHash = await passwords.hash(password)
  const now = clock()
  return await db.transaction(async tx => {
    const account = await lockAccount(tx, accountId)
    const email = await spendToken(tx, purpose, reference, now)
    if (email === undefined) throw spent(accountId)
    if (account?.email !== email) throw new AuthError('invalid_reset_token', { reason: 'disabled account or another address', accountId })
    await tx.update(users).set({ passwordHash, emailVerifiedAt: account.emailVerifiedAt ?? now, updatedAt: now }).where(eq(users.id, accountId))
    await dropTokens(tx, accountId, purpose)
    await forgetAttempts(tx, [{ by: 'email', value: email }, { by: 'username', value: account.username?.toLowerCase() }, { by: 'account', value: accountId }])
    await revokeSessions(tx, accountId, 'password_reset', requester, now)
    await recordEvent(tx, { type: 'password.reset', userId: accountId, contract: policy.name, requester }, now)
    await enqueueNotice(tx, { kind: 'password_changed', recipient: account.email, userId: accountId, isProven: true, policy }, now)
    return { email }
  })
}

function spent (accountId: string): AuthError {
  return new AuthError('invalid_reset_token', { reason: 'used, expired or superseded', accountId })
}
