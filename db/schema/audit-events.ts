import { bigint, index, inet, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.js'

/** What happened, append-only. It outlives the account and session that it names, so no foreign keys. */
export const auditEvents = pgTable('audit_events', {
  number: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
  id: uuid().notNull().unique(),
  type: text().notNull(),
  contract: text(),
  userId: uuid(),
  sessionId: uuid(),
  reason: text(),
  ip: inet(),
  userAgent: text(),
  createdAt: moment().notNull()
}, table => [
  index('audit_events_by_user').on(table.userId, table.number)
])
