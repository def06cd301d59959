import { and, eq, gt, isNull, lte, sql } from 'drizzle-orm'
import { arrayLiteral } from '../../db/array-literal.js'
import type { Executor } from '../../db/client.js'
import { preparedOnce } from '../../db/prepared.js'
import { sessions } from '../../db/schema/sessions.js'
import { users } from '../../db/schema/users.js'
import { issuedAccess } from './audit.js'
import { gathered } from './gathered.js'
import type { Grant } from './grant.js'
import { rolesOfAccount, rolesVersion } from './roles.js'

/** A session to be advanced, and what its event and its next access token say; times as ISO 8601. */
export interface Advance {
  accountId: string
  sessionId: string
  /** of the token that was presented */
  counter: number
  contract: string
  requiresVerifiedEmail: boolean
  now: string
  eventId: string
  ip: string | null
  userAgent: string | null
  algorithm: string
  keyId: string
  issuer: string
  /** seconds */
  lifetime: number
}

type Advanced = Omit<Grant, 'tokenId' | 'issuedAt'>

/**
 * One conditional UPDATE compares the generation and advances it, and its event is written with it. A counter ahead of
 * the row, validly signed, can only come from a database that lost its last writes: it is taken and the row catches up.
 */
const advanceOne = preparedOnce(db => {
  const value = sql.placeholder
  const counter = sql`${value('counter')}::int`
  const now = sql`${value('now')}::timestamptz`
  const rotated = db.$with('rotated').as(db.update(sessions)
    .set({ generation: sql`${counter} + 1`, rotatedAt: now })
    .from(users)
    .where(and(
      eq(sessions.userId, value('accountId')),
      eq(sessions.id, value('sessionId')),
      eq(sessions.contract, value('contract')),
      lte(sessions.generation, counter),
      isNull(sessions.revokedAt),
      gt(sessions.expiresAt, now),
      eq(users.id, sessions.userId),
      isNull(users.disabledAt),
      sql`(${users.emailVerifiedAt} is not null or not ${value('requiresVerifiedEmail')}::boolean)`))
    .returning({
      accountId: sessions.userId,
      sessionId: sessions.id,
      generation: sessions.generation,
      expiresAt: sessions.expiresAt,
      accountVersion: sql<number>`${users.tokenVersion}`.as('account_version'),
      rolesVersion: rolesVersion.as('roles_version'),
      outletId: users.outletId,
      roles: rolesOfAccount.as('roles')
    }))
  const event = db.$with('event', {}).as(sql`
    insert into audit_events (id, type, contract, user_id, session_id, ip, user_agent, created_at, issued)
    select ${value('eventId')}::uuid, 'session.rotated', ${value('contract')}::text, user_id, id, ${value('ip')}::inet, ${value('userAgent')}::text, ${now}, ${issuedAccess}
    from rotated`)
  return db.with(rotated, event).select().from(rotated).prepare('rotate_session')
})

/** As many sessions are advanced together at most; the planner counts on so many as well. */
const MOST = 24

/** Statements under way at a time. */
const AT_ONCE = 2

/** What several are asked for by: an array for each, since PostgreSQL reads rows out of JSON at twice the price. */
const columns = [
  ['accountId', 'uuid'],
  ['sessionId', 'uuid'],
  ['counter', 'int'],
  ['contract', 'text'],
  ['requiresVerifiedEmail', 'boolean'],
  ['now', 'timestamptz'],
  ['eventId', 'uuid'],
  ['ip', 'inet'],
  ['userAgent', 'text'],
  ['algorithm', 'text'],
  ['keyId', 'text'],
  ['issuer', 'text'],
  ['lifetime', 'int']
] as const satisfies ReadonlyArray<readonly [keyof Advance, string]>

/**
 * The same for several sessions at once. One that somebody else is about to change is left out, so that nobody waits for
 * another's, and so that two of these never wait for each other in a circle.
 */
const advanceMany = preparedOnce(db => {
  const asked = db.$with('asked', {}).as(sql`select * from unnest(${sql.join(columns.map(([name, type]) => sql`${sql.placeholder(name)}::text::${sql.raw(type)}[]`), sql`, `)})
    as asked (${sql.raw(columns.map(([name]) => `"${name}"`).join(', '))}) limit ${sql.raw(String(MOST))}`)
  const free = db.$with('free', {}).as(sql`
    select asked.*, sessions.user_id, sessions.id, account.* from asked
    join sessions on sessions.user_id = "accountId" and sessions.id = "sessionId"
    cross join lateral (select token_version as account_version, outlet_id, ${rolesOfAccount} as roles from users
      where users.id = "accountId" and disabled_at is null and (email_verified_at is not null or not "requiresVerifiedEmail") offset 0) account
    where sessions.contract = asked.contract and generation <= counter and revoked_at is null and expires_at > now
    for no key update of sessions skip locked`)
  const rotated = db.$with('rotated', {}).as(sql`
    update sessions set generation = counter + 1, rotated_at = now from free
    where sessions.user_id = free.user_id and sessions.id = free.id and generation <= counter and revoked_at is null
    returning free.*, generation, expires_at, ${rolesVersion} as roles_version`)
  const event = db.$with('event', {}).as(sql`
    insert into audit_events (id, type, contract, user_id, session_id, ip, user_agent, created_at, issued)
    select "eventId", 'session.rotated', contract, user_id, id, ip, "userAgent", now, json_build_object(
      'algorithm', algorithm, 'keyId', "keyId", 'issuer', issuer, 'lifetime', lifetime,
      'sessionExpiresAt', expires_at, 'accountVersion', account_version, 'rolesVersion', roles_version, 'outletId', outlet_id, 'roles', roles)
    from rotated`)
  return db.with(asked, free, rotated, event).select({
    accountId: sql<string>`user_id`,
    sessionId: sql<string>`id`,
    generation: sql<number>`generation`,
    expiresAt: sql`expires_at`.mapWith(sessions.expiresAt),
    accountVersion: sql<number>`account_version`,
    rolesVersion: sql<number>`roles_version`,
    outletId: sql<Grant['outletId']>`outlet_id`,
    roles: sql<Grant['roles']>`roles`
  }).from(sql`rotated`).prepare('rotate_sessions')
})

/**
 * Advances a session whose presented token is in force, with its event: by itself, or under load together with others.
 *
 * @returns a function that gives undefined where the token is not in force
 */
export const advance: (db: Executor) => (asked: Advance) => Promise<Advanced | undefined> = preparedOnce(db => gathered<Advance, Advanced>({
  most: MOST,
  atOnce: AT_ONCE,
  keyOf: ({ sessionId }) => sessionId,
  shared: false,
  one: async asked => (await advanceOne(db).execute({ ...asked }))[0],
  async many (asked) {
    const values = Object.fromEntries(columns.map(([name]) => [name, arrayLiteral(asked.map(advance => advance[name]))]))
    return new Map((await advanceMany(db).execute(values)).map(advanced => [advanced.sessionId, advanced]))
  }
}))
