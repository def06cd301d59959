import { sql } from 'drizzle-orm'
import { index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.js'

/**
 * Mail to be sent. Nothing here works as a credential: a token's link is computed when the message is rendered.
 * A row asked for by address alone names no account until the worker looks it up, so that asking costs the same
 * whether or not one exists.
 */
export const mailOutbox = pgTable('mail_outbox', {
  id: uuid().primaryKey(),
  kind: text().notNull(),
  contract: text().notNull(),
  language: text().notNull(),
  recipient: text().notNull(),
  userId: uuid(),
  tokenId: uuid(),
  tokenCounter: integer(),
  state: text().notNull(),
  attempts: integer().notNull(),
  nextAttemptAt: moment().notNull(),
  lastError: text(),
  createdAt: moment().notNull(),
  settledAt: moment()
}, table => [
  index('mail_outbox_due').on(table.nextAttemptAt).where(sql`${table.state} = 'queued'`),
  index('mail_outbox_by_recipient').on(table.recipient, table.createdAt)
])
