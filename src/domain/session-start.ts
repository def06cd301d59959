import { sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.js'
import { preparedOnce } from '../../db/prepared.js'
import type { AccessTerms } from './access-claims.js'
import { issuedAccess, issuedValues } from './audit.js'
import { secondsAfter } from './clock.js'
import { deviceOf } from './device.js'
import type { Grant } from './grant.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'
import { rolesOfAccount, rolesVersion } from './roles.js'
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
    returning user_id, id, contract, created_at, expires_at, ip, user_agent`)
  const granted = db.$with('granted', {}).as(sql`
    select started.*, users.token_version as account_version, ${rolesVersion} as roles_version, users.outlet_id, ${rolesOfAccount} as roles from started join users on users.id = started.user_id`)
  const event = db.$with('event', {}).as(sql`
    insert into audit_events (id, type, contract, user_id, session_id, ip, user_agent, created_at, issued)
    select ${value('eventId')}::uuid, 'session.started', contract, user_id, id, ip, user_agent, created_at, ${issuedAccess} from granted`)
  return db.with(started, granted, event).select({
    accountVersion: sql<number>`account_version`,
    rolesVersion: sql<number>`roles_version`,
    outletId: sql<Grant['outletId']>`outlet_id`,
    roles: sql<Grant['roles']>`roles`
  }).from(sql`granted`).prepare('start_session')
})

/**
 * Starts a session of an account whose password was just compared or set.
 *
 * @returns undefined when the account is no longer as it was then
 */
export async function startSession (db: Executor, account: { id: string, passwordHash: string | null }, policy: ContractPolicy, requester: Requester, terms: AccessTerms, now: Date): Promise<Grant | undefined> {
  const sessionId = newRowId(now)
  const tokenId = newRowId(now)
  const expiresAt = secondsAfter(now, policy.sessionLifetime)
  const [started] = await startStatement(db).execute({
    accountId: account.id,
    passwordHash: account.passwordHash,
    sessionId,
    contract: policy.name,
    now: now.toISOString(),
    expiresAt: expiresAt.toISOString(),
    eventId: tokenId,
    device: deviceOf(requester.userAgent),
    ...requester,
    ...issuedValues(terms)
  })
  return started === undefined ? undefined : { tokenId, issuedAt: now, accountId: account.id, sessionId, generation: FIRST_GENERATION, expiresAt, ...started }
}
