import { sql } from 'drizzle-orm'
import { index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.js'
import { outlets } from './outlets.js'
import { roles } from './roles.js'

/**
 * Addresses that were invited to register. `accountId` is the id that the account will have: the mailed token names it like any
 * other. One that was neither used nor withdrawn is the only one of its address.
 */
export const invitations = pgTable('invitations', {
  id: uuid().primaryKey(),
  accountId: uuid().notNull(),
  email: text().notNull(),
  outletId: uuid().references(() => outlets.id),
  roleId: uuid().notNull().references(() => roles.id),
  /** null for the command line */
  invitedBy: uuid(),
  createdAt: moment().notNull(),
  expiresAt: moment().notNull(),
  usedAt: moment(),
  withdrawnAt: moment()
}, table => [
  uniqueIndex('invitations_one_pending').on(table.email).where(sql`${table.usedAt} is null and ${table.withdrawnAt} is null`),
  index('invitations_by_expiry').on(table.expiresAt)
])
