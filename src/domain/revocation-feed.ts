import { type TSchema, Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { and, eq, gt, sql, type SQL } from 'drizzle-orm'
import type { Executor } from '../../db/client.js'
import { revocations } from '../../db/schema/revocations.js'
import { readJson } from './checked-json.js'
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

/** @returns what was lately written about roles */
export async function readRevocationsOfRoles (db: Executor): Promise<Revocation[]> {
  return await db.select(entry).from(revocations).where(and(eq(revocations.scope, 'role'), since(OVERLAP)))
}

function since (seconds: number): SQL {
  return gt(revocations.createdAt, sql`now() - make_interval(secs => ${seconds})`)
}

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()])
const Id = orNull(Type.String({ pattern: '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }))
const Name = orNull(Type.String())
const Moment = orNull(Type.String())
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

const announced = TypeCompiler.Compile(Type.Object({
  number: Count,
  scope: Type.Union([Type.Literal('session'), Type.Literal('account'), Type.Literal('grants'), Type.Literal('role')]),
  user_id: Id,
  session_id: Id,
  contract: Name,
  role: Name,
  version: orNull(Count),
  revoked_at: Moment,
  ends_at: Moment
}))

/**
 * Reads what was announced: the entry's row as JSON.
 *
 * @returns undefined for what is no such row, which anyone may have said who can reach the channel
 */
export function parseRevocation (payload: string): Revocation | undefined {
  const row = readJson(payload, announced)
  if (row === undefined) return undefined
  const revokedAt = parseMoment(row.revoked_at)
  const endsAt = parseMoment(row.ends_at)
  if (revokedAt === undefined || endsAt === undefined) return undefined
  return {
    number: row.number,
    scope: row.scope,
    userId: row.user_id,
    sessionId: row.session_id,
    contract: row.contract,
    role: row.role,
    version: row.version,
    revokedAt,
    endsAt
  }
}

/** @returns the text that `parseRevocation` reads; the same for the same entry, however it was learnt of */
export function formatRevocation ({ number, scope, userId, sessionId, contract, role, version, revokedAt, endsAt }: Revocation): string {
  return JSON.stringify({ number, scope, user_id: userId, session_id: sessionId, contract, role, version, revoked_at: revokedAt, ends_at: endsAt })
}

/** @returns undefined for a text that is no moment */
function parseMoment (text: string | null): Date | null | undefined {
  if (text === null) return null
  const moment = new Date(text)
  return Number.isNaN(moment.getTime()) ? undefined : moment
}
