import { and, eq, gt, isNull } from 'drizzle-orm'
import type { Database } from '../../db/client.js'
import { sessions } from '../../db/schema/sessions.js'
import { users } from '../../db/schema/users.js'
import { lockAccount } from './accounts.js'
import { recordEvent } from './audit.js'
import { enqueueNotice } from './mail-outbox.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'
import type { Reference } from './signed-reference.js'

/**
 * Ends a session one of whose spent refresh tokens was used again: either its owner or somebody else holds a copy, and
 * nobody can tell which (RFC 9700, section 4.14.2). Writes the event and a notice to the account. Does nothing when the
 * session has ended already, so that a token replayed often tells its owner once.
 */
export async function revokeReplayed (db: Database, reference: Reference, { policy, requester, now }: { policy: ContractPolicy, requester: Requester, now: Date }): Promise<void> {
  await db.transaction(async tx => {
    // A change that the session asked for, and that has confirmed it, is waited for: it must not outlive it.
    await lockAccount(tx, reference.accountId)
    const [ended] = await tx.update(sessions).set({ revokedAt: now, revokedReason: 'replay' })
      .from(users)
      .where(and(
        eq(sessions.userId, reference.accountId),
        eq(sessions.id, reference.rowId),
        isNull(sessions.revokedAt),
        gt(sessions.generation, reference.counter),
        eq(users.id, sessions.userId)))
      .returning({ email: users.email, emailVerifiedAt: users.emailVerifiedAt })
    if (ended === undefined) return
    await recordEvent(tx, { type: 'session.replayed', userId: reference.accountId, sessionId: reference.rowId, contract: policy.name, reason: 'replay', requester }, now)
    await enqueueNotice(tx, { kind: 'session_replayed', recipient: ended.email, userId: reference.accountId, isProven: ended.emailVerifiedAt !== null, policy }, now)
  })
}
