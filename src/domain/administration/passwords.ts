import { eq } from 'drizzle-orm'
import type { Database } from '../../../db/client.js'
import { users } from '../../../db/schema/users.js'
import { recordEvent } from '../audit.js'
import { enqueueNotice } from '../mail-outbox.js'
import { dropTokens } from '../one-time-tokens.js'
import { forgetAttempts } from '../password-attempts.js'
import type { ContractPolicy } from '../policy.js'
import { revokeSessions } from '../sessions.js'
import { type Actor, administerAccount, doneBy, requireMayChange } from './standing.js'

/**
 * Sets an account's password. Every session ends, every token that was mailed before is dead, and the address is told.
 *
 * @param policy of the contract in whose language it is told
 * @param passwordHash of a password that the contract's rule takes
 * @returns how many sessions ended
 * @throws AuthError `forbidden`, `account_not_found`
 */
export async function setPassword (db: Database, actor: Actor, policy: ContractPolicy, accountId: string, passwordHash: string, now: Date): Promise<number> {
  return await administerAccount(db, actor, 'users.update', accountId, async (tx, target, standing) => {
    requireMayChange(standing, target)
    await tx.update(users).set({ passwordHash, updatedAt: now }).where(eq(users.id, accountId))
    await dropTokens(tx, accountId)
    await forgetAttempts(tx, [{ by: 'email', value: target.email }, { by: 'username', value: target.username?.toLowerCase() }, { by: 'account', value: accountId }])
    const ended = await revokeSessions(tx, accountId, 'password_reset', actor.requester, now)
    await recordEvent(tx, { type: 'password.reset', userId: accountId, ...doneBy(actor) }, now)
    await enqueueNotice(tx, { kind: 'password_changed', recipient: target.email, userId: accountId, isProven: target.emailVerifiedAt !== null, policy }, now)
    return ended
  })
}
