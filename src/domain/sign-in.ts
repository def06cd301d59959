import type { Database } from '../../db/client.js'
import type { AccessTerms } from './access-claims.js'
import { type AccountCredentials, findCredentials, type Identifier } from './accounts.js'
import { recordEvent } from './audit.js'
import type { Clock } from './clock.js'
import { AuthError } from './errors.js'
import type { Grant } from './grant.js'
import type { PasswordHasher } from './password-hasher.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'
import { startSession } from './session-start.js'

export interface SignInRequest {
  identifier: Identifier
  password: string
  requester: Requester
  /** under which its access token will be issued */
  terms: AccessTerms
}

/**
 * Signs an account in by email or username and password. An unknown, disabled or passwordless account and a wrong
 * password are refused alike, in the same time.
 *
 * @throws AuthError `invalid_credentials`, `email_not_verified`, `overloaded`
 */
export async function signIn (db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, { identifier, password, requester, terms }: SignInRequest): Promise<Grant> {
  const account = await findCredentials(db, identifier)
  const matches = await passwords.verify(account?.passwordHash ?? null, password, identifier)
  const checked = check(account, matches, policy)
  if ('refusal' in checked) {
    const { code, reason = code } = checked.refusal
    await recordEvent(db, { type: 'login.failed', userId: account?.id ?? null, contract: policy.name, reason, requester }, clock())
    throw checked.refusal
  }
  const grant = await startSession(db, checked.account, policy, requester, terms, clock())
  if (grant === undefined) throw new AuthError('invalid_credentials', { reason: 'the account changed while its password was compared', accountId: checked.account.id })
  return grant
}

function check (account: AccountCredentials | undefined, matches: boolean, policy: ContractPolicy): { account: AccountCredentials } | { refusal: AuthError } {
  if (account === undefined) return { refusal: new AuthError('invalid_credentials', { reason: 'unknown account' }) }
  const accountId = account.id
  if (!matches) return { refusal: new AuthError('invalid_credentials', { reason: 'wrong password', accountId }) }
  if (account.disabledAt !== null) return { refusal: new AuthError('invalid_credentials', { reason: 'disabled account', accountId }) }
  if (policy.requiresVerifiedEmail && account.emailVerifiedAt === null) return { refusal: new AuthError('email_not_verified', { reason: 'unverified email', accountId }) }
  return { account }
}
