import { sql } from 'drizzle-orm'
import { customType, pgTable, text } from 'drizzle-orm/pg-core'
import { moment } from './columns.js'

const bytes = customType<{ data: Buffer, driverData: Buffer }>({ dataType: () => 'bytea' })

/**
 * Keys that sign access tokens: the one that began last signs, one that has yet to begin is published already, and older ones
 * stay until their last token has expired. The private part is encrypted with a key derived from `AUTH_SECRET`.
 */
export const signingKeys = pgTable('signing_keys', {
  kid: text().primaryKey(),
  algorithm: text().notNull(),
  publicKey: text().notNull(),
  encryptedPrivateKey: bytes().notNull(),
  createdAt: moment().notNull(),
  signsFrom: moment().notNull().default(sql`now()`)
})
