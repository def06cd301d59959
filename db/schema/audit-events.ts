import { sql } from 'drizzle-orm'
import { bigint, index, inet, json, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { moment } from './columns.js'

/** What the access token issued with an event said, beyond what the event says itself. */
export interface IssuedAccess {
  algorithm: string
  keyId: string
  issuer: string
  /** seconds */
  lifetime: number
  sessionExpiresAt: string
  accountVersion: number
  rolesVersion: number
  outletId: string | null
  roles: Array<{ id: string, number: number, name: string, permissions: string[], isAdmin: boolean }>
}

/**
 * What happened, append-only. It outlives the account and session that it names, so no foreign keys. An access token has
 * the id of the event it was issued with; `issued` lets it be shown again, without its signature.
 */
export const auditEvents = pgTable('audit_events', {
  number: bigint({ mode: 'number' }).generatedAlwaysAsIdentity().primaryKey(),
  id: uuid().notNull().unique(),
  type: text().notNull(),
  contract: text(),
  userId: uuid(),
  sessionId: uuid(),
  reason: text(),
  /** the account that did it, where that is another than the one it is about */
  actorId: uuid(),
  /** what an act of administration changed, such as a role's new permissions */
  details: json().$type<Record<string, unknown>>(),
  /** of `token.refused`: `access` or `refresh` */
  tokenKind: text(),
  ip: inet(),
  userAgent: text(),
  issued: json().$type<IssuedAccess>(),
  createdAt: moment().notNull()
}, table => [
  index('audit_events_by_user').on(table.userId, table.number),
  index('audit_events_by_time').on(table.createdAt, table.number),
  index('audit_events_by_type').on(table.type, table.createdAt, table.number),
  index('audit_events_issued_by_session').on(table.sessionId, table.number).where(sql`${table.issued} is not null`)
])
