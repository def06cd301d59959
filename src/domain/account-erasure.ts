import { and, eq, isNull, or } from 'drizzle-orm'
import type { Executor } from '../../db/client.js'
import { auditEvents } from '../../db/schema/audit-events.js'
import { mailOutbox } from '../../db/schema/mail-outbox.js'
import { users } from '../../db/schema/users.js'

/**
 * Erases an account with its sessions, roles and tokens, and what else is held about its owner: the mails to its address, and of
 * its events everything but the bare facts. Ids are never given twice, so nobody inherits them. Call it in a transaction.
 */
export async function eraseAccount (tx: Executor, accountId: string, email: string): Promise<void> {
  await tx.delete(mailOutbox).where(or(eq(mailOutbox.userId, accountId), and(eq(mailOutbox.recipient, email), isNull(mailOutbox.userId))))
  await tx.update(auditEvents).set({ ip: null, userAgent: null, issued: null }).where(eq(auditEvents.userId, accountId))
  await tx.delete(users).where(eq(users.id, accountId))
}
