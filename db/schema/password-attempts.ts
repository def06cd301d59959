import { integer, pgTable, text } from 'drizzle-orm/pg-core'
import { moment } from './columns.js'

/**
 * Passwords that were lately tried for one identifier, known or not, or by one known device, over all addresses and instances.
 * `key` is a digest: what strangers typed is not kept.
 */
export const passwordAttempts = pgTable('password_attempts', {
  key: text().primaryKey(),
  /** wrong ones since `startedAt` */
  failures: integer().notNull(),
  /** those that are being compared now */
  inFlight: integer().notNull(),
  startedAt: moment().notNull()
})
