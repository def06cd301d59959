import { and, desc, eq, lt, ne, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.js'
import { auditEvents } from '../../db/schema/audit-events.js'
import type { AccessTerms } from './access-claims.js'
import type { Requester } from './requester.js'
import { newRowId } from './row-id.js'

/** Everything that is recorded, by its name in an event. */
export const eventTypes = [
  'account.changed',
  'account.created',
  'account.deleted',
  'account.deletion_requested',
  'account.disabled',
  'account.enabled',
  'account.imported',
  'account.invited',
  'account.registered',
  'account.reset_sent',
  'account.revived',
  'account.roles_changed',
  'account.sessions_ended',
  'account.verification_sent',
  'email.changed',
  'email.restored',
  'email.verified',
  'invitation.withdrawn',
  'login.failed',
  'outlet.changed',
  'outlet.created',
  'password.changed',
  'password.reset',
  'password.reset_requested',
  'profile.updated',
  'role.changed',
  'role.created',
  'role.deleted',
  'session.replayed',
  'session.revoked',
  'session.rotated',
  'session.started',
  'token.refused'
] as const

export type EventType = typeof eventTypes[number]

export interface NewEvent {
  type: EventType
  /** null where the account is unknown */
  userId: string | null
  sessionId?: string
  /** the contract through which it happened; null where none was (the start, the command line) */
  contract: string | null
  /** why, in a word */
  reason?: string
  /** the account that did it, where that is another than the one it is about; null for the command line */
  actorId?: string | null
  /** what an act of administration changed */
  details?: Record<string, unknown> | undefined
  requester: Requester | null
}

/** An event as a row to insert. */
function eventRow (event: NewEvent, now: Date): typeof auditEvents.$inferInsert {
  return {
    id: newRowId(now),
    type: event.type,
    contract: event.contract,
    userId: event.userId,
    sessionId: event.sessionId ?? null,
    reason: event.reason ?? null,
    actorId: event.actorId ?? null,
    details: event.details ?? null,
    ip: event.requester?.ip ?? null,
    userAgent: event.requester?.userAgent ?? null,
    createdAt: now
  }
}

/** Records what happened. Call it in the transaction of what it tells of. */
export async function recordEvent (db: Executor, event: NewEvent, now: Date): Promise<void> {
  await recordEvents(db, [event], now)
}

/** The same for several events, in one statement. */
export async function recordEvents (db: Executor, events: readonly NewEvent[], now: Date): Promise<void> {
  if (events.length > 0) await db.insert(auditEvents).values(events.map(event => eventRow(event, now)))
}

/**
 * What an event keeps of the access token that is issued with it (`IssuedAccess`), in statements that write the event
 * together with what it tells of: they select `account_version`, `roles_version`, `outlet_id`, `roles` and the session's `expires_at`, and are given
 * {@link issuedValues}.
 */
export const issuedAccess = sql`json_build_object(
  'algorithm', ${sql.placeholder('algorithm')}::text, 'keyId', ${sql.placeholder('keyId')}::text, 'issuer', ${sql.placeholder('issuer')}::text,
  'lifetime', ${sql.placeholder('lifetime')}::int, 'sessionExpiresAt', expires_at, 'accountVersion', account_version, 'rolesVersion', roles_version, 'outletId', outlet_id, 'roles', roles)`

/** @returns the values that {@link issuedAccess} has places for */
export function issuedValues ({ algorithm, keyId, issuer, lifetime }: AccessTerms): { algorithm: string, keyId: string, issuer: string, lifetime: number } {
  return { algorithm, keyId, issuer, lifetime }
}

export interface HistoryEntry {
  id: string
  number: number
  type: EventType
  contract: string | null
  ip: string | null
  userAgent: string | null
  createdAt: Date
}

/**
 * What was done with an account, newest first. That somebody came with a dead token of it was refused, and is for the operator.
 *
 * @param page `limit`: at most so many; `before`: only those older than the event of this id (none, if it is not the account's)
 */
export async function listHistory (db: Executor, userId: string, page: { limit: number, before?: string | undefined }): Promise<HistoryEntry[]> {
  const own = and(eq(auditEvents.userId, userId), ne(auditEvents.type, 'token.refused' satisfies EventType))
  const older = page.before === undefined
    ? undefined
    : lt(auditEvents.number, sql`(select ${auditEvents.number} from ${auditEvents} where ${eq(auditEvents.id, page.before)} and ${own})`)
  return await db.select({
    id: auditEvents.id,
    number: auditEvents.number,
    type: sql<EventType>`${auditEvents.type}`,
    contract: auditEvents.contract,
    ip: auditEvents.ip,
    userAgent: auditEvents.userAgent,
    createdAt: auditEvents.createdAt
  }).from(auditEvents).where(and(own, older)).orderBy(desc(auditEvents.number)).limit(page.limit)
}
