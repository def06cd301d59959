import { sql } from 'drizzle-orm'
import { bigint, customType, index, integer, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.js'
import { outlets } from './outlets.js'

const words = customType<{ data: string }>({ dataType: () => 'tsvector' })

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
  /** the words of its email, username and name, by which a list is searched; stored, since making them anew costs a search a second */
  words: words().generatedAlwaysAs(sql`to_tsvector('simple', translate(email || ' ' || coalesce(username, '') || ' ' || coalesce(name, ''), '!"#$%&()*+,-./:;<=>?@[\\]^_\`{|}~''', '                                '))`),
  createdAt: moment().notNull(),
  updatedAt: moment().notNull()
}, table => [
  uniqueIndex('users_email_unique').on(table.email),
  uniqueIndex('users_username_unique').on(sql`lower(${table.username})`),
  index('users_words').using('gin', table.words),
  index('users_deletion_due').on(table.deletionDueAt).where(sql`${table.deletionDueAt} is not null`)
])
