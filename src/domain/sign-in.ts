import type { Database } from '../../db/client.js'
import type { AccessTerms } from './access-claims.js'
import { reviveAccount } from './account-deletion.js'
import { type AccountCredentials, findCredentials, type Identifier } from './accounts.js'
import { recordEvent } from './audit.js'
import type { Clock } from './clock.js'
import { AuthError } from './errors.js'
import type { Grant } from './grant.js'
import { deviceOfAccount, type KnownDevice } from './known-device.js'
import type { AttemptSubject } from './password-attempts.js'
import type { PasswordHasher } from './password-hasher.js'
import { storeRenewedHash } from './password-renewal.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'
import { startSession } from './session-start.js'

export interface SignInRequest {
  identifier: Identifier
  password: string
  requester: Requester
  /** under which its access token will be issued */
  terms: AccessTerms
  /** what the one who asks is known as */
  devices: readonly KnownDevice[]
}

/**
 * Signs an account in by email or username and password. An unknown, disabled or passwordless account and a wrong
 * password are refused alike, in the same time. An account that its owner deleted is kept by it, while its grace lasts.
 *
 * @throws AuthError `invalid_credentials`, `email_not_verified`, `too_many_attempts`, `overloaded`
 */
export async function signIn (db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, request: SignInRequest): Promise<Grant> {
  const { identifier, password, requester, terms, devices } = request
  passwords.requireRoom()
  const account = await findCredentials(db, identifier)
  const { matches, renewedHash } = await passwords.verifyAndRenew(account?.passwordHash ?? null, password, countedFor(identifier, account, devices))
  const checked = check(account, matches, policy, clock())
  if ('refusal' in checked) {
    const { code, reason = code } = checked.refusal
    await recordEvent(db, { type: 'login.failed', userId: account?.id ?? null, contract: policy.name, reason, requester }, clock())
    throw checked.refusal
  }
  const current = await storeRenewedHash(db, checked.account, renewedHash)
  // Another sign-in renewed the hash first, or the password changed: whichever it was, the hash that stands now decides.
  if (current === undefined) return await signIn(db, passwords, clock, policy, request)
  const now = clock()
  const grant = checked.account.deletionDueAt === null
    ? await startSession(db, current, policy, requester, terms, now)
    : await db.transaction(async tx => await reviveAccount(tx, current.id, policy.name, requester, now)
      ? await startSession(tx, current, policy, requester, terms, now)
      : undefined)
  if (grant === undefined) throw new AuthError('invalid_credentials', { reason: 'the account changed while its password was compared', accountId: checked.account.id })
  return grant
}

/**
 * Whom a wrong password counts against. On a device that the account signed in on before it is that device alone, so that
 * strangers cannot lock the owner out there, nor the owner's own mistakes lock other devices. It never falls back to the
 * identifier once the device has no failure left: a browser, which sends what it was given, would have the failures of both,
 * and would lock all others with them.
 *
 * The hash is part of what is counted: with a new password the count begins anew, so that whoever locked a device by
 * forgetting a password gets in there by a reset.
 *
 * All devices of an account are bounded together as well: whoever knew its password for an hour can have signed in on any
 * number of them, and would have as many times the guesses at the next one.
 */
function countedFor (identifier: Identifier, account: AccountCredentials | undefined, devices: readonly KnownDevice[]): AttemptSubject {
  const device = deviceOfAccount(devices, account?.id)
  if (account === undefined || device === undefined) return identifier
  const { id, passwordHash } = account
  return { by: 'device', value: `${id}/${device.deviceId}/${passwordHash}`, among: { by: 'all devices', value: `${id}/${passwordHash}` } }
}

function check (account: AccountCredentials | undefined, matches: boolean, policy: ContractPolicy, now: Date): { account: AccountCredentials } | { refusal: AuthError } {
  if (account === undefined) return { refusal: new AuthError('invalid_credentials', { reason: 'unknown account' }) }
  const accountId = account.id
  if (!matches) return { refusal: new AuthError('invalid_credentials', { reason: 'wrong password', accountId }) }
  if (account.disabledAt !== null) return { refusal: new AuthError('invalid_credentials', { reason: 'disabled account', accountId }) }
  if (account.deletionDueAt !== null && account.deletionDueAt <= now) return { refusal: new AuthError('invalid_credentials', { reason: 'deleted account', accountId }) }
  if (policy.requiresVerifiedEmail && account.emailVerifiedAt === null) return { refusal: new AuthError('email_not_verified', { reason: 'unverified email', accountId }) }
  return { account }
}
