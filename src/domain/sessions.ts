import { and, desc, eq, gt, isNull, ne, sql, type SQL } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.js'
import { preparedOnce } from '../../db/prepared.js'
import { sessions } from '../../db/schema/sessions.js'
import { users } from '../../db/schema/users.js'
import { lockAccount } from './accounts.js'
import { recordEvents } from './audit.js'
import type { Device } from './device.js'
import { AuthError } from './errors.js'
import type { Requester } from './requester.js'
import { refusalOfSession, revokedMeanwhile, type TokenRefusal, unknownSession } from './token-refusal.js'

/** Why a session ended; kept with it and with the event. */
export type RevocationReason = 'logout' | 'logout_all' | 'revoked_by_owner' | 'replay' | 'password_changed' | 'password_reset' | 'email_verified' | 'email_restored' | 'disabled' | 'deleted' | 'revoked_by_administrator'

export interface SessionView {
  id: string
  contract: string
  device: Device
  ip: string | null
  userAgent: string | null
  createdAt: Date
  rotatedAt: Date
  expiresAt: Date
  revokedAt: Date | null
}

const sessionState = preparedOnce(db => db.select({ revokedAt: sessions.revokedAt, revokedReason: sessions.revokedReason, expiresAt: sessions.expiresAt, disabledAt: users.disabledAt })
  .from(sessions).innerJoin(users, eq(users.id, sessions.userId))
  .where(and(eq(sessions.userId, sql.placeholder('accountId')), eq(sessions.id, sql.placeholder('sessionId'))))
  .prepare('session_state'))

/** @returns why the tokens of a session are refused, undefined while it goes on: neither ended nor expired, its account not disabled */
export async function findSessionRefusal (db: Database, session: AskingSession, now: Date): Promise<TokenRefusal | undefined> {
  const [state] = await sessionState(db).execute({ ...session })
  const refusal = state === undefined ? unknownSession : refusalOfSession(state, now)
  return refusal === undefined ? undefined : { ...refusal, holder: session }
}

/** Who asks: an account by one of its sessions. */
export interface AskingSession {
  accountId: string
  sessionId: string
}

/**
 * Makes sure, within the transaction of a change, that the session that asks for it still goes on: it may have ended
 * while the request's body was on its way or its password was being hashed.
 *
 * @throws AuthError `invalid_access_token`
 */
export async function confirmSession (tx: Executor, asking: AskingSession, now: Date): Promise<void> {
  const [session] = await tx.select({ id: sessions.id }).from(sessions)
    .where(and(eq(sessions.userId, asking.accountId), eq(sessions.id, asking.sessionId), isLive(now)))
  if (session === undefined) throw revokedMeanwhile('session ended meanwhile', asking)
}

/** What a list shows at most: no person has more, and a machine that never signs out may have any number. */
const MOST_SESSIONS = 500

/** @returns the account's live sessions in all contracts, latest begun first, at most 500 */
export async function listSessions (db: Executor, accountId: string, now: Date): Promise<SessionView[]> {
  return await db.select({
    id: sessions.id,
    contract: sessions.contract,
    device: sql<Device>`${sessions.device}`,
    ip: sessions.ip,
    userAgent: sessions.userAgent,
    createdAt: sessions.createdAt,
    rotatedAt: sessions.rotatedAt,
    expiresAt: sessions.expiresAt,
    revokedAt: sessions.revokedAt
  }).from(sessions).where(and(eq(sessions.userId, accountId), isLive(now))).orderBy(desc(sessions.createdAt), desc(sessions.id)).limit(MOST_SESSIONS)
}

/**
 * Ends one of the account's sessions at its owner's wish. Whatever rotation is under way loses against it.
 *
 * @throws AuthError `session_not_found` when the account has no such live session, `invalid_access_token` when the one
 *   that asks has ended
 */
export async function revokeSession (db: Database, asking: AskingSession, id: string, requester: Requester, now: Date): Promise<void> {
  await db.transaction(async tx => {
    await lockAccount(tx, asking.accountId)
    await confirmSession(tx, asking, now)
    const ended = await revokeWhere(tx, asking.accountId, eq(sessions.id, id), 'revoked_by_owner', requester, now)
    if (ended === 0) throw new AuthError('session_not_found')
  })
}

/**
 * Signs out: ends the sessions that a request holds, together.
 *
 * @throws AuthError `invalid_access_token` when another request has ended them all meanwhile
 */
export async function signOut (db: Database, held: readonly AskingSession[], requester: Requester, now: Date): Promise<void> {
  await db.transaction(async tx => {
    // A change that one of these sessions asked for, and that has confirmed it, is waited for: it must not outlive it.
    for (const accountId of [...new Set(held.map(session => session.accountId))].sort()) await lockAccount(tx, accountId)
    let ended = 0
    // In one order, so that two requests that hold the same sessions never wait for each other.
    const ordered = [...held].sort((one, other) => one.sessionId < other.sessionId ? -1 : 1)
    for (const { accountId, sessionId } of ordered) ended += await revokeWhere(tx, accountId, eq(sessions.id, sessionId), 'logout', requester, now)
    if (ended === 0) throw revokedMeanwhile('session ended meanwhile', held[0])
  })
}

/**
 * Signs an account out of everything, in all contracts.
 *
 * @throws AuthError `invalid_access_token` when the session that asks has ended
 */
export async function signOutEverywhere (db: Database, asking: AskingSession, requester: Requester, now: Date): Promise<void> {
  await db.transaction(async tx => {
    await lockAccount(tx, asking.accountId)
    await confirmSession(tx, asking, now)
    await revokeSessions(tx, asking.accountId, 'logout_all', requester, now)
  })
}

/**
 * Ends an account's sessions, each with its event.
 *
 * @param except the id of one that goes on, such as the one that asks
 * @returns how many ended
 */
export async function revokeSessions (db: Executor, accountId: string, reason: RevocationReason, requester: Requester | null, now: Date, except?: string): Promise<number> {
  return await revokeWhere(db, accountId, except === undefined ? undefined : ne(sessions.id, except), reason, requester, now)
}

/** Ends one session by its id, with its event; how many ended, none or one. */
export async function revokeSessionById (db: Executor, accountId: string, id: string, reason: RevocationReason, requester: Requester | null, now: Date): Promise<number> {
  return await revokeWhere(db, accountId, eq(sessions.id, id), reason, requester, now)
}

async function revokeWhere (db: Executor, accountId: string, which: SQL | undefined, reason: RevocationReason, requester: Requester | null, now: Date): Promise<number> {
  return await db.transaction(async tx => {
    const ended = await tx.update(sessions).set({ revokedAt: now, revokedReason: reason })
      .where(and(eq(sessions.userId, accountId), isLive(now), which))
      .returning({ id: sessions.id, contract: sessions.contract })
    // A statement takes so many parameters and no more.
    for (let from = 0; from < ended.length; from += 1000) {
      await recordEvents(tx, ended.slice(from, from + 1000).map(({ id, contract }) => ({ type: 'session.revoked' as const, userId: accountId, sessionId: id, contract, reason, requester })), now)
    }
    return ended.length
  })
}

function isLive (now: Date): SQL | undefined {
  return and(isNull(sessions.revokedAt), gt(sessions.expiresAt, now))
}
