import { and, eq, gt, sql, type SQL } from 'drizzle-orm'
import type { Executor } from '../../db/client.js'
import { revocations } from '../../db/schema/revocations.js'
import { CLOCKS_APART } from './clock.js'
import type { Revocation } from './revocation-list.js'

/** The channel on which the database announces each entry, once its transaction is committed. */
export const REVOCATIONS_CHANNEL = 'kunci_revocations'

/** Seconds within which what was just written is found: an entry has the time at which its transaction began. */
const OVERLAP = 30

const entry = {
  number: revocations.number,
  scope: sql<Revocation['scope']>`${revocations.scope}`,
  userId: revocations.userId,
  sessionId: revocations.sessionId,
  contract: revocations.contract,
  role: revocations.role,
  version: revocations.version,
  revokedAt: revocations.revokedAt,
  endsAt: revocations.endsAt
}

/** @returns the entries of the last so many seconds, by the database's clock, and two hours more: that clock may have been set meanwhile */
export async function readRevocations (db: Executor, seconds: number): Promise<Revocation[]> {
  return await db.select(entry).from(revocations).where(since(seconds + CLOCKS_APART))
}

/** @returns what was lately written about one account */
export async function readRevocationsOf (db: Executor, accountId: string): Promise<Revocation[]> {
  return await db.select(entry).from(revocations).where(and(eq(revocations.userId, accountId), since(OVERLAP)))
}

function since (seconds: number): SQL {
  return gt(revocations.createdAt, sql`now() - make_interval(secs => ${seconds})`)
}

interface Announced {
  number: number
  scope: Revocation['scope']
  user_id: string | null
  session_id: string | null
  contract: string | null
  role: string | null
  version: number | null
  revoked_at: string | null
  ends_at: string | null
}

/** Reads what was announced: the entry's row as JSON, by triggers of ours alone. */
export function parseRevocation (payload: string): Revocation {
  const row = JSON.parse(payload) as Announced
  const moment = (text: string | null) => text === null ? null : new Date(text)
  return {
    number: row.number,
    scope: row.scope,
    userId: row.user_id,
    sessionId: row.session_id,
    contract: row.contract,
    role: row.role,
    version: row.version,
    revokedAt: moment(row.revoked_at),
    endsAt: moment(row.ends_at)
  }
}
