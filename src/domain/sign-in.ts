import { sql } from 'drizzle-orm'
import type { Database } from '../../db/client.js'
import { preparedOnce } from '../../db/prepared.js'
import { type AccountCredentials, findCredentialsByEmail } from './accounts.js'
import { recordEvent } from './audit.js'
import { type Clock, secondsAfter } from './clock.js'
import { deviceOf } from './device.js'
import { AuthError } from './errors.js'
import type { Grant } from './grant.js'
import type { PasswordHasher } from './password-hasher.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'
import { newRowId } from './row-id.js'

/** The first refresh token of a session carries this counter. */
const FIRST_GENERATION = 1

/**
 * Writes the session and its event in one statement, and only if the account is still as it was when its password was
 * compared: a change of password or a lock in between leaves no session behind. The row lock makes one wait for the
 * other, so that a change under way either refuses this session or finds it and ends it.
 */
const startStatement = preparedOnce(db => {
  const value = sql.placeholder
  const started = db.$with('started', {}).as(sql`
    insert into sessions (user_id, id, contract, generation, created_at, rotated_at, expires_at, ip, user_agent, device)
    select id, ${value('sessionId')}::uuid, ${value('contract')}::text, ${FIRST_GENERATION}::int, ${value('now')}::timestamptz, ${value('now')}::timestamptz,
      ${value('expiresAt')}::timestamptz, ${value('ip')}::inet, ${value('userAgent')}::text, ${value('device')}::text
    from users where id = ${value('accountId')} and password_hash = ${value('passwordHash')} and disabled_at is null
    for share
    returning user_id, id, contract, created_at, ip, user_agent`)
  const event = db.$with('event', {}).as(sql`
    insert into audit_events (id, type, contract, user_id, session_id, ip, user_agent, created_at)
    select ${value('eventId')}::uuid, 'session.started', contract, user_id, id, ip, user_agent, created_at from started`)
  return db.with(started, event).select({ id: sql<string>`id` }).from(sql`started`).prepare('start_session')
})

/**
 * Signs an account in by email and password. An unknown, disabled or passwordless account and a wrong password are
 * refused alike, in the same time.
 *
 * @param credentials `email` in its normal form, or undefined where what was sent cannot be an address
 * @throws AuthError `invalid_credentials`, `email_not_verified`, `overloaded`
 */
export async function signIn (db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, credentials: { email: string | undefined, password: string }, requester: Requester): Promise<Grant> {
  const account = credentials.email === undefined ? undefined : await findCredentialsByEmail(db, credentials.email)
  const matches = await passwords.verify(account?.passwordHash ?? null, credentials.password)
  if (account === undefined) throw new AuthError('invalid_credentials', { reason: 'unknown account' })
  const refusal = refusalOf(account, matches, policy)
  if (refusal !== undefined) {
    await recordEvent(db, { type: 'login.failed', userId: account.id, contract: policy.name, reason: refusal.reason ?? refusal.code, requester }, clock())
    throw refusal
  }
  return await startSession(db, account, policy, requester, clock())
}

function refusalOf (account: AccountCredentials, matches: boolean, policy: ContractPolicy): AuthError | undefined {
  if (!matches) return new AuthError('invalid_credentials', { reason: 'wrong password' })
  if (account.disabledAt !== null) return new AuthError('invalid_credentials', { reason: 'disabled account' })
  if (policy.requiresVerifiedEmail && account.emailVerifiedAt === null) return new AuthError('email_not_verified')
  return undefined
}

async function startSession (db: Database, account: AccountCredentials, policy: ContractPolicy, requester: Requester, now: Date): Promise<Grant> {
  const sessionId = newRowId(now)
  const expiresAt = secondsAfter(now, policy.sessionLifetime)
  const started = await startStatement(db).execute({
    accountId: account.id,
    passwordHash: account.passwordHash,
    sessionId,
    contract: policy.name,
    now: now.toISOString(),
    expiresAt: expiresAt.toISOString(),
    eventId: newRowId(now),
    device: deviceOf(requester.userAgent),
    ...requester
  })
  if (started.length === 0) throw new AuthError('invalid_credentials', { reason: 'the account changed while its password was compared' })
  return { accountId: account.id, sessionId, generation: FIRST_GENERATION, expiresAt, outletId: account.outletId, roles: account.roles }
}
