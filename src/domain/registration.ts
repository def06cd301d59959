import { eq, sql } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.js'
import { constraintViolated } from '../../db/constraint-violated.js'
import { outlets } from '../../db/schema/outlets.js'
import { roles } from '../../db/schema/roles.js'
import { userRoles } from '../../db/schema/user-roles.js'
import { users } from '../../db/schema/users.js'
import type { AccessTerms } from './access-claims.js'
import { type AccountProfile, requireProfile } from './accounts.js'
import { recordEvent } from './audit.js'
import type { Clock } from './clock.js'
import { requireUnreserved } from './email-restoration.js'
import { AuthError } from './errors.js'
import type { Grant } from './grant.js'
import { enqueueLink } from './mail-outbox.js'
import { isFormerAddress } from './one-time-tokens.js'
import type { PasswordHasher } from './password-hasher.js'
import { requirePassword } from './password-rules.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'
import type { Registration } from './outlets.js'
import { newRowId } from './row-id.js'
import { startSession } from './session-start.js'

export interface NewAccount {
  /** in its normal form */
  email: string
  password: string
  username?: string
  name?: string
  phone?: string
  outletId?: string
  /** one of a role's names for itself; without any the default role is given */
  role?: { id: string } | { number: number } | { name: string } | undefined
}

export interface RegistrationRequest {
  requester: Requester
  /** whether whoever asks may assign any role (asked only where the role is not for everybody to choose) */
  mayAssignAnyRole: () => Promise<boolean>
}

/**
 * Registers an account: the account, its role, its event and the mail that verifies its address are written together or
 * not at all.
 *
 * @throws AuthError `invalid_input` (the password), `outlet_not_found`, `role_not_found`, `forbidden`, `email_taken`, `username_taken`, `overloaded`
 */
export async function registerAccount (db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, account: NewAccount, request: RegistrationRequest): Promise<AccountProfile> {
  const checked = await checkAndHash(db, passwords, clock, policy, account, request)
  return await write(db, async tx => await insertAccount(tx, policy, checked, request.requester, clock()))
}

/**
 * Like {@link registerAccount}, and signs the new account in, all of it together.
 *
 * @param request `terms`: under which its access token will be issued
 */
export async function registerSignedIn (db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, account: NewAccount, request: RegistrationRequest & { terms: AccessTerms }): Promise<{ profile: AccountProfile, grant: Grant }> {
  const checked = await checkAndHash(db, passwords, clock, policy, account, request)
  return await write(db, async tx => {
    const now = clock()
    const profile = await insertAccount(tx, policy, checked, request.requester, now)
    const grant = await startSession(tx, { id: profile.id, passwordHash: checked.passwordHash }, policy, request.requester, request.terms, now)
    if (grant === undefined) throw new Error('an account just made cannot be signed in')
    return { profile, grant }
  })
}

type CheckedAccount = Omit<NewAccount, 'password' | 'role'> & { passwordHash: string, roleId: string }

async function checkAndHash (db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, account: NewAccount, { mayAssignAnyRole }: RegistrationRequest): Promise<CheckedAccount> {
  const { password, role: _, ...fields } = account
  requirePassword(password, policy.passwordRule)
  const asked = await findAsked(db, account)
  if (asked.registration === null) throw new AuthError('outlet_not_found')
  if (asked.role === null) throw new AuthError('role_not_found')
  if (!asked.role.selfAssignable && !await mayAssignAnyRole()) throw new AuthError('forbidden', { reason: 'the role is not self-assignable' })
  if (asked.registration !== 'open' && !await mayAssignAnyRole()) throw new AuthError(asked.registration === 'invitation' ? 'invitation_needed' : 'outlet_closed')
  // Asked before hashing, which is the dear part; the unique indexes below have the last word.
  if (asked.emailTaken || await isFormerAddress(db, account.email, clock())) throw new AuthError('email_taken')
  if (asked.usernameTaken) throw new AuthError('username_taken')
  return { ...fields, passwordHash: await passwords.hash(password), roleId: asked.role.id }
}

async function findAsked (db: Executor, { email, username, outletId, role }: NewAccount) {
  const [asked] = await db.select({
    registration: outletId === undefined ? sql<Registration | null>`'open'` : sql<Registration | null>`(select ${outlets.registration} from ${outlets} where ${eq(outlets.id, outletId)})`,
    role: sql<{ id: string, selfAssignable: boolean } | null>`(select json_build_object('id', ${roles.id}, 'selfAssignable', ${roles.selfAssignable} or ${role === undefined}::boolean) from ${roles} where ${roleAsked(role)})`,
    emailTaken: sql<boolean>`exists (select from ${users} where ${eq(users.email, email)})`,
    usernameTaken: sql<boolean>`exists (select from ${users} where lower(${users.username}) = lower(${username ?? null}::text))`
  }).from(sql`(values (1)) as asked`)
  if (asked === undefined) throw new Error('a query of one row returned none')
  return asked
}

function roleAsked (role: NewAccount['role']) {
  if (role === undefined) return eq(roles.isDefault, true)
  if ('id' in role) return eq(roles.id, role.id)
  return 'number' in role ? eq(roles.number, role.number) : eq(roles.name, role.name)
}

async function insertAccount (tx: Executor, policy: ContractPolicy, { roleId, ...account }: CheckedAccount, requester: Requester, now: Date): Promise<AccountProfile> {
  const id = newRowId(now)
  await tx.insert(users).values({ id, ...account, createdAt: now, updatedAt: now })
  await requireUnreserved(tx, account.email, id, now)
  await tx.insert(userRoles).values({ userId: id, roleId, status: true, isPrimary: true, createdAt: now, updatedAt: now })
  await recordEvent(tx, { type: 'account.registered', userId: id, contract: policy.name, requester }, now)
  await enqueueLink(tx, { kind: 'verify_email', recipient: account.email, policy, accountId: id }, now)
  return await requireProfile(tx, id)
}

async function write<Result> (db: Database, work: (tx: Executor) => Promise<Result>): Promise<Result> {
  try {
    return await db.transaction(work)
  } catch (error) {
    throw refusalOf(error) ?? error
  }
}

/** What a lost race means: somebody else took the name, or an outlet or role vanished, since they were looked up. */
function refusalOf (error: unknown): AuthError | undefined {
  switch (constraintViolated(error)) {
    case 'users_email_unique': return new AuthError('email_taken')
    case 'users_username_unique': return new AuthError('username_taken')
    case 'users_outlet_id_outlets_id_fk': return new AuthError('outlet_not_found')
    case 'user_roles_role_id_roles_id_fk': return new AuthError('role_not_found')
    default: return undefined
  }
}
