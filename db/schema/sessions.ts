import { sql } from 'drizzle-orm'
import { index, inet, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.js'
import { users } from './users.js'

/**
 * Sessions of all contracts. `generation` is the counter of the refresh token in force; `expiresAt` is absolute.
 * The account leads the key, so that the table can be spread over nodes by account.
 */
export const sessions = pgTable('sessions', {
  userId: uuid().notNull().references(() => users.id, { onDelete: 'cascade' }),
  id: uuid().notNull(),
  contract: text().notNull(),
  generation: integer().notNull(),
  createdAt: moment().notNull(),
  rotatedAt: moment().notNull(),
  expiresAt: moment().notNull(),
  revokedAt: moment(),
  revokedReason: text(),
  ip: inet(),
  userAgent: text(),
  device: text().notNull()
}, table => [
  primaryKey({ columns: [table.userId, table.id] }),
  // For the list over all accounts. A rotation touches neither column, so it stays as cheap as it was.
  index('sessions_not_revoked').on(table.id).where(sql`${table.revokedAt} is null`)
])
