import { and, desc, eq, inArray, isNotNull, isNull, lt, lte } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Executor } from '../../db/client.js'
import { auditEvents } from '../../db/schema/audit-events.js'
import { users } from '../../db/schema/users.js'
import { redactedToken } from './access-claims.js'
import type { EventType } from './audit.js'
import { AuthError } from './errors.js'
import { isAdministrator } from './roles.js'
import type { RevocationReason } from './sessions.js'

/** Events in the life of tokens. */
const tokenEvents = [
  'password.changed', 'password.reset', 'password.reset_requested', 'session.replayed', 'session.revoked', 'session.rotated', 'session.started'
] as const satisfies EventType[]

export type TokenEventType = typeof tokenEvents[number]

export interface TokenEvent {
  number: number
  type: TokenEventType
  /** why a session ended, where one did */
  reason: RevocationReason | null
  /** the access token that it is about, readable and no credential; null where it is about another kind of token */
  token: string | null
  createdAt: Date
}

/**
 * What happened to an account's tokens, newest first. Open to the account itself and to administrators.
 *
 * @param asked the account's number
 * @param page `limit`: at most so many; `before`: only those with a lower number
 * @throws AuthError `forbidden`, for an account that does not exist as for somebody else's
 */
export async function listTokenEvents (db: Executor, asking: { accountId: string }, asked: number, page: { limit: number, before?: number | undefined }): Promise<TokenEvent[]> {
  const accountId = await findByNumber(db, asked)
  // Asked in any case: the time must not tell whether the account exists.
  const isAllowed = await isAdministrator(db, asking.accountId) || accountId === asking.accountId
  if (accountId === undefined || !isAllowed) throw new AuthError('forbidden', { reason: "somebody else's tokens", accountId: asking.accountId })

  const issuing = alias(auditEvents, 'issuing')
  // An event that issued no token itself is about the last one of its session.
  const last = db.select({ id: issuing.id, contract: issuing.contract, createdAt: issuing.createdAt, issued: issuing.issued }).from(issuing)
    .where(and(eq(issuing.sessionId, auditEvents.sessionId), eq(issuing.userId, auditEvents.userId), isNull(auditEvents.issued), lte(issuing.number, auditEvents.number), isNotNull(issuing.issued)))
    .orderBy(desc(issuing.number)).limit(1).as('last')
  const rows = await db.select({ event: auditEvents, last: { id: last.id, contract: last.contract, createdAt: last.createdAt, issued: last.issued } })
    .from(auditEvents).leftJoinLateral(last, and(isNull(auditEvents.issued), isNotNull(auditEvents.sessionId)))
    .where(and(eq(auditEvents.userId, accountId), inArray(auditEvents.type, tokenEvents), lt(auditEvents.number, Math.min(page.before ?? Infinity, Number.MAX_SAFE_INTEGER))))
    .orderBy(desc(auditEvents.number)).limit(page.limit)
  return rows.map(({ event, last }) => ({
    number: event.number,
    type: event.type as TokenEventType,
    reason: event.reason as RevocationReason | null,
    token: shownToken({ accountId, sessionId: event.sessionId }, event.issued === null ? last : event),
    createdAt: event.createdAt
  }))
}

async function findByNumber (db: Executor, number: number): Promise<string | undefined> {
  if (!Number.isSafeInteger(number)) return undefined
  const [account] = await db.select({ id: users.id }).from(users).where(eq(users.number, number))
  return account?.id
}

function shownToken ({ accountId, sessionId }: { accountId: string, sessionId: string | null }, issuing: Pick<typeof auditEvents.$inferSelect, 'id' | 'contract' | 'createdAt' | 'issued'> | null): string | null {
  if (sessionId === null || issuing === null || issuing.issued === null || issuing.contract === null) return null
  const { sessionExpiresAt, accountVersion, rolesVersion, outletId, roles, ...terms } = issuing.issued
  const grant = { tokenId: issuing.id, issuedAt: issuing.createdAt, accountId, sessionId, expiresAt: new Date(sessionExpiresAt), accountVersion, rolesVersion, outletId, roles }
  return redactedToken(grant, { ...terms, audience: issuing.contract })
}
