import { sql } from 'drizzle-orm'
import type { Database } from '../../db/client.js'
import { preparedOnce } from '../../db/prepared.js'
import { users } from '../../db/schema/users.js'
import { type AccountCredentials, findCredentialsByEmail } from './accounts.js'
import { recordEvent } from './audit.js'
import { type Clock, secondsAfter } from './clock.js'
import { deviceOf } from './device.js'
import { AuthError } from './errors.js'
import type { Grant } from './grant.js'
import type { PasswordHasher } from './password-hasher.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'
import { rolesOfAccount } from './roles.js'
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
  return db.with(started, event).select({ outletId: users.outletId, roles: rolesOfAccount }).from(users)
    .innerJoin(sql`started`, sql`started.user_id = ${users.id}`).prepare('start_session')
})

/**
 * Signs an account in by email and password. An unknown, disabled or passwordless account and a wrong password are
 * refused alike, in the same time.
 *
 * @param credentials `email` in its normal form, or undefined where what was sent cannot be an address
 * @throws AuthError `invalid_credentials`, `email_not_verified`, `overloaded`
 */
export async function signIn (db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, credentials: { email: string | undefined, password: string }, requester: Requester): Promise<Grant> {
  // What cannot be an address is looked up like one that nobody has: the time must not tell them apart.
  const account = await findCredentialsByEmail(db, credentials.email ?? '')
  const matches = await passwords.verify(account?.passwordHash ?? null, credentials.password)
  const checked = check(account, matches, policy)
  if ('refusal' in checked) {
    const { code, reason = code } = checked.refusal
    await recordEvent(db, { type: 'login.failed', userId: account?.id ?? null, contract: policy.name, reason, requester }, clock())
    throw checked.refusal
  }
  return await startSession(db, checked.account, policy, requester, clock())
}

function check (account: AccountCredentials | undefined, matches: boolean, policy: ContractPolicy): { account: AccountCredentials } | { refusal: AuthError } {
  if (account === undefined) return { refusal: new AuthError('invalid_credentials', { reason: 'unknown account' }) }
  const accountId = account.id
  if (!matches) return { refusal: new AuthError('invalid_credentials', { reason: 'wrong password', accountId }) }
  if (account.disabledAt !== null) return { refusal: new AuthError('invalid_credentials', { reason: 'disabled account', accountId }) }
  if (policy.requiresVerifiedEmail && account.emailVerifiedAt === null) return { refusal: new AuthError('email_not_verified', { reason: 'unverified email', accountId }) }
  return { account }
}

async function startSession (db: Database, account: AccountCredentials, policy: ContractPolicy, requester: Requester, now: Date): Promise<Grant> {
  const sessionId = newRowId(now)
  const expiresAt = secondsAfter(now, policy.sessionLifetime)
  const [started] = await startStatement(db).execute({
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
  if (started === undefined) throw new AuthError('invalid_credentials', { reason: 'the account changed while its password was compared', accountId: account.id })
  return { accountId: account.id, sessionId, generation: FIRST_GENERATION, expiresAt, ...started }
}
