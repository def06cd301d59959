import { pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.js'

export const outlets = pgTable('outlets', {
  id: uuid().primaryKey(),
  name: text().notNull().unique(),
  /** who may register there: `open` to all, by `invitation` only, or `closed` */
  registration: text().notNull().default('open'),
  createdAt: moment().notNull(),
  updatedAt: moment().notNull()
})
