import { sql } from 'drizzle-orm'
import { type AnyPgColumn, bigint, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.js'
import { outlets } from './outlets.js'

/** Accounts. `email` is stored in lower case; `username` as it was chosen, unique without case. */
export const users = pgTable('users', {
  id: uuid().primaryKey(),
  number: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().notNull().unique(),
  email: text().notNull(),
  username: text(),
  name: text(),
  phone: text(),
  passwordHash: text(),
  outletId: uuid().references(() => outlets.id),
  emailVerifiedAt: moment(),
  disabledAt: moment(),
  /** when an account that its owner deleted goes for good; signing in before revives it */
  deletionDueAt: moment(),
  /** goes up, by a trigger, whenever the account's older access tokens must be refused */
  tokenVersion: integer().notNull().default(0),
  createdAt: moment().notNull(),
  updatedAt: moment().notNull()
}, table => [
  uniqueIndex('users_email_unique').on(table.email),
  uniqueIndex('users_username_unique').on(sql`lower(${table.username})`),
  index('users_search').using('gin', wordsOf(table)),
  index('users_deletion_due').on(table.deletionDueAt).where(sql`${table.deletionDueAt} is not null`)
])

/** The words of an account's email, username and name, by which a list is searched; spelt alike in the index and the query. */
export function wordsOf ({ email, username, name }: Record<'email' | 'username' | 'name', AnyPgColumn>) {
  return sql`to_tsvector('simple', translate(${email} || ' ' || coalesce(${username}, '') || ' ' || coalesce(${name}, ''), '@._+-', '     '))`
}
