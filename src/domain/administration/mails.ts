import { and, desc, eq, inArray, lt } from 'drizzle-orm'
import type { Executor } from '../../../db/client.js'
import { mailOutbox } from '../../../db/schema/mail-outbox.js'
import { type Page, pageOf, type PageRequest } from './lists.js'

/** What becomes of a mail: it waits for its turn or its next attempt, was sent, had nobody to go to any more, or was given up. */
export const mailStates = ['queued', 'sent', 'dropped', 'failed'] as const

export type MailState = typeof mailStates[number]

const shown = {
  id: mailOutbox.id,
  kind: mailOutbox.kind,
  contract: mailOutbox.contract,
  language: mailOutbox.language,
  recipient: mailOutbox.recipient,
  userId: mailOutbox.userId,
  state: mailOutbox.state,
  attempts: mailOutbox.attempts,
  nextAttemptAt: mailOutbox.nextAttemptAt,
  lastError: mailOutbox.lastError,
  createdAt: mailOutbox.createdAt,
  settledAt: mailOutbox.settledAt
}

/** A mail as administrators see it: which token it carries is nobody's to know. */
export type ListedMail = Omit<typeof mailOutbox.$inferSelect, 'tokenId' | 'tokenCounter'>

/** @returns the mails that are kept, the latest queued first */
export async function listMails (db: Executor, { state }: { state?: MailState | undefined }, { limit, cursor }: PageRequest): Promise<Page<ListedMail>> {
  const rows = await db.select(shown).from(mailOutbox)
    .where(and(state === undefined ? undefined : eq(mailOutbox.state, state), cursor === undefined ? undefined : lt(mailOutbox.id, cursor)))
    .orderBy(desc(mailOutbox.id)).limit(limit + 1)
  return pageOf(rows, limit, row => row.id)
}

/** @returns undefined for a mail that does not exist */
export async function findMail (db: Executor, id: string): Promise<ListedMail | undefined> {
  const [mail] = await db.select(shown).from(mailOutbox).where(eq(mailOutbox.id, id))
  return mail
}

/**
 * Makes a mail that waits, or that was given up, due at once. One that is being sent at this moment may arrive twice, with the
 * same token.
 *
 * @returns undefined when there is none, or it is neither
 */
export async function retryMail (db: Executor, id: string, now: Date): Promise<ListedMail | undefined> {
  const [mail] = await db.update(mailOutbox).set({ state: 'queued', nextAttemptAt: now, settledAt: null })
    .where(and(eq(mailOutbox.id, id), inArray(mailOutbox.state, ['queued', 'failed']))).returning(shown)
  return mail
}
