import { pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.js'

export const outlets = pgTable('outlets', {
  id: uuid().primaryKey(),
  name: text().notNull().unique(),
  createdAt: moment().notNull(),
  updatedAt: moment().notNull()
})
