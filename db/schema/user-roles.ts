import { sql } from 'drizzle-orm'
import { boolean, pgTable, primaryKey, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.js'
import { roles } from './roles.js'
import { users } from './users.js'

/** Which roles an account holds: `status` says whether the grant is active, `isPrimary` marks the one that single-role contracts show. */
export const userRoles = pgTable('user_roles', {
  userId: uuid().notNull().references(() => users.id, { onDelete: 'cascade' }),
  roleId: uuid().notNull().references(() => roles.id),
  status: boolean().notNull(),
  isPrimary: boolean().notNull(),
  createdAt: moment().notNull(),
  updatedAt: moment().notNull()
}, table => [
  primaryKey({ columns: [table.userId, table.roleId] }),
  uniqueIndex('user_roles_one_primary').on(table.userId).where(sql`${table.isPrimary}`)
])
