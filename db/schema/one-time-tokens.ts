import { integer, pgTable, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.js'
import { users } from './users.js'

/**
 * Mail tokens: one row an account and purpose. A newer token advances `counter`, so that the one before it is dead
 * without being touched, also when two are asked for at once. `email` is the address that the token proves.
 */
export const oneTimeTokens = pgTable('one_time_tokens', {
  userId: uuid().notNull().references(() => users.id, { onDelete: 'cascade' }),
  id: uuid().notNull(),
  purpose: text().notNull(),
  counter: integer().notNull(),
  email: text().notNull(),
  createdAt: moment().notNull(),
  expiresAt: moment().notNull(),
  usedAt: moment()
}, table => [
  primaryKey({ columns: [table.userId, table.id] }),
  unique('one_time_tokens_purpose_unique').on(table.userId, table.purpose)
])
