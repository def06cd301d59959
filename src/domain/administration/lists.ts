import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, or, sql, type SQL } from 'drizzle-orm'
import type { Executor } from '../../../db/client.js'
import { auditEvents } from '../../../db/schema/audit-events.js'
import { outlets } from '../../../db/schema/outlets.js'
import { sessions } from '../../../db/schema/sessions.js'
import { users } from '../../../db/schema/users.js'
import { normaliseEmail } from '../email-address.js'
import { assignmentsOfAccount, type AssignedRole, type HeldRole, rolesOfAccount } from '../roles.js'
import { normaliseUsername } from '../username.js'

/** A part of a list, newest first. */
export interface Page<Row> {
  rows: Row[]
  /** what gives the part after it; null where there is none */
  next: string | null
}

export interface PageRequest {
  /** at most so many rows */
  limit: number
  /** `next` of the part before */
  cursor?: string | undefined
}

/** An account in a list. */
export interface ListedAccount {
  id: string
  number: number
  email: string
  username: string | null
  name: string | null
  phone: string | null
  outlet: { id: string, name: string } | null
  /** those that are active */
  roles: HeldRole[]
  /** all that it was given, the primary one first */
  assignments: AssignedRole[]
  emailVerifiedAt: Date | null
  disabledAt: Date | null
  deletionDueAt: Date | null
  createdAt: Date
  updatedAt: Date
}

const account = {
  id: users.id,
  number: users.number,
  email: users.email,
  username: users.username,
  name: users.name,
  phone: users.phone,
  outlet: { id: outlets.id, name: outlets.name },
  roles: rolesOfAccount,
  assignments: assignmentsOfAccount,
  emailVerifiedAt: users.emailVerifiedAt,
  disabledAt: users.disabledAt,
  deletionDueAt: users.deletionDueAt,
  createdAt: users.createdAt,
  updatedAt: users.updatedAt
}

/**
 * @param filter `search`: beginnings of words, all of which the email, username or name has; `ids`: of the accounts that it may be
 * @returns accounts, the latest made first
 */
export async function listAccounts (db: Executor, { search, ids }: { search?: string | undefined, ids?: readonly string[] | undefined }, { limit, cursor }: PageRequest): Promise<Page<ListedAccount>> {
  const which = search === undefined ? after(cursor) : await found(db, search, cursor)
  const rows = await db.select(account).from(users).leftJoin(outlets, eq(outlets.id, users.outletId))
    .where(and(which, ids === undefined ? undefined : inArray(users.id, [...ids]))).orderBy(desc(users.number)).limit(limit + 1)
  return pageOf(rows, limit, row => String(row.number))
}

/** So many accounts, or fewer, are sought by their words and put in order; what is commoner is soon met in the order itself. */
const FEW = 2000

async function found (db: Executor, search: string, cursor: string | undefined): Promise<SQL | undefined> {
  const words = search.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
  if (words.length === 0) return sql`false`
  const matching = and(sql`${users.words} @@ to_tsquery('simple', ${words.map(word => `'${word}':*`).join(' & ')})`, after(cursor))
  const few = await db.select({ number: users.number }).from(users).where(matching).limit(FEW + 1)
  return few.length > FEW ? matching : inArray(users.number, few.map(({ number }) => number))
}

function after (cursor: string | undefined): SQL | undefined {
  return cursor === undefined ? undefined : lt(users.number, Number(cursor))
}

/** @returns the ids of the accounts that a text names by id, email or username: several, where the username of one is the id of another */
export async function findAccountsNamed (db: Executor, text: string): Promise<string[]> {
  const id = text.toLowerCase()
  const email = normaliseEmail(text)
  const username = normaliseUsername(text)
  const named = or(
    UUID.test(id) ? eq(users.id, id) : undefined,
    email === undefined ? undefined : eq(users.email, email),
    username === undefined ? undefined : eq(sql`lower(${users.username})`, username))
  // Without a condition everybody would be meant.
  if (named === undefined) return []
  return (await db.select({ id: users.id }).from(users).where(named).orderBy(asc(users.number))).map(account => account.id)
}

/** @returns undefined for an account that does not exist */
export async function findAccount (db: Executor, id: string): Promise<ListedAccount | undefined> {
  const [found] = await db.select(account).from(users).leftJoin(outlets, eq(outlets.id, users.outletId)).where(eq(users.id, id))
  return found
}

/** A session in a list over all accounts. */
export type ListedSession = Omit<typeof sessions.$inferSelect, 'generation' | 'revokedAt' | 'revokedReason'>

/** @returns sessions that go on, the latest begun first */
export async function listLiveSessions (db: Executor, filter: { accountId?: string | undefined }, { limit, cursor }: PageRequest, now: Date): Promise<Page<ListedSession>> {
  const rows = await db.select({
    userId: sessions.userId,
    id: sessions.id,
    contract: sessions.contract,
    createdAt: sessions.createdAt,
    rotatedAt: sessions.rotatedAt,
    expiresAt: sessions.expiresAt,
    ip: sessions.ip,
    userAgent: sessions.userAgent,
    device: sessions.device
  }).from(sessions).where(and(
    filter.accountId === undefined ? undefined : eq(sessions.userId, filter.accountId),
    cursor === undefined ? undefined : lt(sessions.id, cursor),
    isNull(sessions.revokedAt),
    gt(sessions.expiresAt, now))).orderBy(desc(sessions.id)).limit(limit + 1)
  return pageOf(rows, limit, row => row.id)
}

export interface EventFilter {
  /** the account that it is about */
  accountId?: string | undefined
  type?: string | undefined
  /** not before, and before */
  from?: Date | undefined
  to?: Date | undefined
}

/** An event in a list. */
export type ListedEvent = Omit<typeof auditEvents.$inferSelect, 'issued'>

/** @returns events, the latest first */
export async function listEvents (db: Executor, { accountId, type, from, to }: EventFilter, { limit, cursor }: PageRequest): Promise<Page<ListedEvent>> {
  const [time, number] = (cursor ?? '').split('.')
  // One account's are in the order of its index, all others in that of theirs.
  const order = accountId === undefined ? [desc(auditEvents.createdAt), desc(auditEvents.number)] : [desc(auditEvents.number)]
  const rest = cursor === undefined
    ? undefined
    : accountId === undefined
      ? sql`(${auditEvents.createdAt}, ${auditEvents.number}) < (${new Date(Number(time)).toISOString()}::timestamptz, ${Number(number)}::bigint)`
      : lt(auditEvents.number, Number(number))
  const rows = await db.select({
    number: auditEvents.number,
    id: auditEvents.id,
    type: auditEvents.type,
    contract: auditEvents.contract,
    userId: auditEvents.userId,
    sessionId: auditEvents.sessionId,
    reason: auditEvents.reason,
    tokenKind: auditEvents.tokenKind,
    actorId: auditEvents.actorId,
    details: auditEvents.details,
    ip: auditEvents.ip,
    userAgent: auditEvents.userAgent,
    createdAt: auditEvents.createdAt
  }).from(auditEvents).where(and(
    accountId === undefined ? undefined : eq(auditEvents.userId, accountId),
    type === undefined ? undefined : eq(auditEvents.type, type),
    from === undefined ? undefined : gte(auditEvents.createdAt, from),
    to === undefined ? undefined : lt(auditEvents.createdAt, to),
    rest)).orderBy(...order).limit(limit + 1)
  return pageOf(rows, limit, row => `${row.createdAt.getTime()}.${row.number}`)
}

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/

/** What a list's cursor looks like; any other is refused before it is used. */
export const cursors = {
  accounts: /^[1-9]\d{0,15}$/,
  /** milliseconds since 1970, of this age, and a number */
  events: /^\d{13}\.[1-9]\d{0,15}$/,
  /** of sessions, invitations and mails */
  ids: UUID
} as const

/** @param rows one more than the page may have, where there are more */
export function pageOf<Row> (rows: readonly Row[], limit: number, cursorOf: (row: Row) => string): Page<Row> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return { rows: shown, next: rows.length > limit && last !== undefined ? cursorOf(last) : null }
}
