import { sql } from 'drizzle-orm'
import { bigint, boolean, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.js'

export const roles = pgTable('roles', {
  id: uuid().primaryKey(),
  number: bigint({ mode: 'number' }).generatedByDefaultAsIdentity().notNull().unique(),
  name: text().notNull(),
  permissions: text().array().notNull(),
  isAdmin: boolean().notNull(),
  selfAssignable: boolean().notNull(),
  isDefault: boolean().notNull(),
  /** from one sequence for all roles, anew with each change of what a role permits, by a trigger */
  version: bigint({ mode: 'number' }).notNull().default(0),
  createdAt: moment().notNull(),
  updatedAt: moment().notNull()
}, table => [
  uniqueIndex('roles_name_unique').on(sql`lower(${table.name})`),
  uniqueIndex('roles_one_default').on(table.isDefault).where(sql`${table.isDefault}`)
])
