import { lt } from 'drizzle-orm'
import type { Executor } from '../../db/client.js'
import { invitations } from '../../db/schema/invitations.js'
import { mailOutbox } from '../../db/schema/mail-outbox.js'
import { oneTimeTokens } from '../../db/schema/one-time-tokens.js'
import { passwordAttempts } from '../../db/schema/password-attempts.js'
import { revocations } from '../../db/schema/revocations.js'
import { sessions } from '../../db/schema/sessions.js'
import { secondsAfter } from './clock.js'

const DAY = 24 * 3600

/** Days that rows are kept after they can do nothing any more. Events are kept for good. */
const kept = { sessions: 30, tokens: 30, invitations: 30, mails: 7 } as const

/**
 * Removes what has long been over: sessions by their end, mail tokens and invitations by theirs, mails since they were settled. Without
 * it strangers who ask for mails could fill the database.
 *
 * @param longestLifetime seconds that the longest-lived access token lives: so long a revocation can matter
 * @returns how many rows went
 */
export async function removeOutdated (db: Executor, longestLifetime: number, now: Date): Promise<{ sessions: number, tokens: number, invitations: number, mails: number, attempts: number, revocations: number }> {
  const before = (days: number) => secondsAfter(now, -days * DAY)
  const removed = {
    sessions: await db.delete(sessions).where(lt(sessions.expiresAt, before(kept.sessions))),
    tokens: await db.delete(oneTimeTokens).where(lt(oneTimeTokens.expiresAt, before(kept.tokens))),
    invitations: await db.delete(invitations).where(lt(invitations.expiresAt, before(kept.invitations))),
    mails: await db.delete(mailOutbox).where(lt(mailOutbox.settledAt, before(kept.mails))),
    attempts: await db.delete(passwordAttempts).where(lt(passwordAttempts.startedAt, before(1))),
    revocations: await db.delete(revocations).where(lt(revocations.createdAt, secondsAfter(now, -longestLifetime - DAY)))
  }
  return { sessions: removed.sessions.count, tokens: removed.tokens.count, invitations: removed.invitations.count, mails: removed.mails.count, attempts: removed.attempts.count, revocations: removed.revocations.count }
}
