import { sql } from 'drizzle-orm'
import { index, integer, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.js'
import { users } from './users.js'

/**
 * Mail tokens: one row an account and purpose. A newer token advances `counter`, so that the one before it is dead
 * without being touched, also when two are asked for at once. `email` is the address that the token proves. Tokens that
 * restore a former address have a purpose each (`restore-email:<id>`): a newer one must not kill the older, whose owner has
 * the better right.
 */
export const oneTimeTokens = pgTable('one_time_tokens', {
  userId: uuid().notNull().references(() => users.id, { onDelete: 'cascade' }),
  id: uuid().notNull(),
  purpose: text().notNull(),
  counter: integer().notNull(),
  email: text().notNull(),
  createdAt: moment().notNull(),
  expiresAt: moment().notNull(),
  provenAt: moment(),
  usedAt: moment()
}, table => [
  primaryKey({ columns: [table.userId, table.id] }),
  unique('one_time_tokens_purpose_unique').on(table.userId, table.purpose),
  index('one_time_tokens_former_addresses').on(table.email).where(sql`${table.purpose} like 'restore-email:%'`)
])
