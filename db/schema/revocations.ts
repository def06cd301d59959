import { bigint, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.js'

/**
 * The feed of what makes access tokens void before they expire, written by triggers, so that nothing that changes a
 * session, an account or a role can forget it. `scope` says what is void:
 *
 * - `session`: the tokens of one session;
 * - `account`: those of an account with a lower version;
 * - `grants`: the same, for contracts that can refresh, after a change of roles or outlet;
 * - `role`: those that name the role and know only a lower version of the roles, for contracts that can refresh.
 */
export const revocations = pgTable('revocations', {
  number: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
  scope: text().notNull(),
  userId: uuid(),
  sessionId: uuid(),
  contract: text(),
  role: text(),
  version: bigint({ mode: 'number' }),
  revokedAt: moment(),
  /** when the session would have ended */
  endsAt: moment(),
  /** by the database's clock, which all instances share */
  createdAt: timestamp({ withTimezone: true, mode: 'date' }).notNull().defaultNow()
}, table => [
  index('revocations_by_time').on(table.createdAt),
  index('revocations_by_user').on(table.userId, table.createdAt)
])
