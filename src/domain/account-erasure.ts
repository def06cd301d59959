import { and, eq, isNull, or, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.js'
import { auditEvents } from '../../db/schema/audit-events.js'
import { invitations } from '../../db/schema/invitations.js'
import { mailOutbox } from '../../db/schema/mail-outbox.js'
import { users } from '../../db/schema/users.js'

/**
 * Erases an account with its sessions, roles and tokens, and what else is held about its owner: the mails to its address, and of
 * its events everything but the bare facts, also of invitations to its address. Ids are never given twice, so nobody inherits them. Call it in a transaction.
 */
export async function eraseAccount (tx: Executor, accountId: string, email: string): Promise<void> {
  // An invitation, and its mail, names the account that would have been made.
  const isNobodys = or(isNull(mailOutbox.userId), eq(mailOutbox.kind, 'invitation'))
  await tx.delete(mailOutbox).where(or(eq(mailOutbox.userId, accountId), and(eq(mailOutbox.recipient, email), isNobodys)))
  await tx.delete(invitations).where(or(eq(invitations.accountId, accountId), eq(invitations.email, email)))
  await tx.update(auditEvents).set({ details: sql`(${auditEvents.details}::jsonb - 'email')::json` })
    .where(and(eq(auditEvents.type, 'account.invited'), sql`${auditEvents.details} ->> 'email' = ${email}`))
  await tx.update(auditEvents).set({ ip: null, userAgent: null, issued: null }).where(eq(auditEvents.userId, accountId))
  await tx.delete(users).where(eq(users.id, accountId))
}
