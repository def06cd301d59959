import { sql } from 'drizzle-orm'
import { v5 } from 'uuid'
import type { Database } from '../../db/client.js'
import { preparedOnce } from '../../db/prepared.js'
import type { Requester } from './requester.js'
import type { RefusalReason, TokenKind, TokenRefusedError } from './token-refusal.js'

/** An authentic token was refused, as an event that may have to be written. */
export interface RefusedToken extends Requester {
  /** the event's id: the same for each refusal of the same kind and reason in one session */
  id: string
  contract: string | null
  userId: string
  sessionId: string | null
  reason: RefusalReason
  tokenKind: TokenKind
  createdAt: Date
}

/** Keeps the ids of these events apart from all others that are derived from a name (RFC 9562, section 5.5). */
const NAMESPACE = '55f2ba4c-9d5b-4a7d-96f4-44bd1b4b4c50'

/** A replay has an event of its own, and whom a malformed token names is its sender's choice. */
const eventReasons: readonly RefusalReason[] = ['expired', 'revoked', 'foreign']

/**
 * @param contract the one that it was sent to; undefined where none is asked, and then it is the token's own
 * @returns what of a refusal an event may tell
 */
export function refusedTokens ({ kind, refusals }: TokenRefusedError, contract: string | undefined, { ip, userAgent }: Requester, now: Date): RefusedToken[] {
  return refusals.flatMap(({ reason, holder }) => {
    if (holder === undefined || !eventReasons.includes(reason)) return []
    const { accountId, sessionId } = holder
    return [{
      id: v5(`${sessionId ?? accountId} ${kind} ${reason}`, NAMESPACE),
      contract: contract ?? holder.contract ?? null,
      userId: accountId,
      sessionId: sessionId ?? null,
      reason,
      tokenKind: kind,
      ip,
      userAgent,
      createdAt: now
    }]
  })
}

/**
 * A token that expired or was revoked while its session goes on is renewed by a refresh: routine, and no event. The id is
 * the same wherever and whenever the same is refused again, so the first to write it wins. Rows go in by one order, so that no two
 * instances wait for each other in a circle. Of an account that is gone neither address nor User-Agent is kept.
 */
const recordStatement = preparedOnce(db => {
  const refused = db.$with('refused', {}).as(sql`
    select * from json_to_recordset(${sql.placeholder('refused')}::text::json) as event (
      id uuid, contract text, "userId" uuid, "sessionId" uuid, reason text, "tokenKind" text, ip inet, "userAgent" text, "createdAt" timestamptz)
    where reason = 'foreign' or not exists (
      select from sessions join users on users.id = sessions.user_id
      where sessions.user_id = "userId" and sessions.id = "sessionId" and revoked_at is null and expires_at > "createdAt" and disabled_at is null)`)
  // Locked, or an account whose erasure is under way would get back what the erasure has just taken from its events.
  const accounts = db.$with('accounts', {}).as(sql`select id from users where id in (select "userId" from refused) order by id for key share`)
  const written = db.$with('written', {}).as(sql`
    insert into audit_events (id, type, contract, user_id, session_id, reason, token_kind, ip, user_agent, created_at)
    select refused.id, 'token.refused', contract, "userId", "sessionId", reason, "tokenKind",
      case when accounts.id is not null then ip end, case when accounts.id is not null then "userAgent" end, "createdAt"
    from refused left join accounts on accounts.id = "userId" order by refused.id
    on conflict (id) do nothing`)
  return db.with(refused, accounts, written).select({ id: sql<string>`id` }).from(sql`refused`).prepare('record_refused_tokens')
})

/**
 * Writes the events of refused tokens that have none yet, in one statement.
 *
 * @returns the ids of those that are written now, by this call or before; the sessions of all others go on
 */
export async function writeRefusedTokens (db: Database, refused: readonly RefusedToken[]): Promise<ReadonlySet<string>> {
  const written = await recordStatement(db).execute({ refused: JSON.stringify(refused) })
  return new Set(written.map(({ id }) => id))
}
