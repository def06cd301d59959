import { and, eq, isNull, sql } from 'drizzle-orm'
import { arrayLiteral } from '../../db/array-literal.js'
import type { Executor } from '../../db/client.js'
import { preparedOnce } from '../../db/prepared.js'
import { outlets } from '../../db/schema/outlets.js'
import { users } from '../../db/schema/users.js'
import { AuthError } from './errors.js'
import { gathered } from './gathered.js'
import { type HeldRole, rolesOfAccount } from './roles.js'
import { revokedMeanwhile } from './token-refusal.js'

/** By what an account is looked up at sign-in. */
export interface Identifier {
  by: 'email' | 'username'
  /** in its normal form; undefined where what was sent can be none */
  value: string | undefined
}

/** What signing in compares: no more, so that an account that exists is found in the time of one that does not. */
export interface AccountCredentials {
  id: string
  passwordHash: string | null
  emailVerifiedAt: Date | null
  disabledAt: Date | null
  /** when it goes for good, after its owner deleted it */
  deletionDueAt: Date | null
}

/** An account as its owner sees it. */
export interface AccountProfile {
  id: string
  number: number
  email: string
  username: string | null
  name: string | null
  phone: string | null
  emailVerifiedAt: Date | null
  outlet: { id: string, name: string } | null
  roles: HeldRole[]
  createdAt: Date
  updatedAt: Date
}

const credentials = {
  id: users.id,
  passwordHash: users.passwordHash,
  emailVerifiedAt: users.emailVerifiedAt,
  disabledAt: users.disabledAt,
  deletionDueAt: users.deletionDueAt
}

const credentialsBy = {
  email: preparedOnce(db => db.select(credentials).from(users)
    .where(eq(users.email, sql.placeholder('value'))).prepare('account_credentials_by_email')),
  username: preparedOnce(db => db.select(credentials).from(users)
    .where(eq(sql`lower(${users.username})`, sql.placeholder('value'))).prepare('account_credentials_by_username'))
}

const profile = {
  id: users.id,
  number: users.number,
  email: users.email,
  username: users.username,
  name: users.name,
  phone: users.phone,
  emailVerifiedAt: users.emailVerifiedAt,
  outlet: { id: outlets.id, name: outlets.name },
  roles: rolesOfAccount,
  createdAt: users.createdAt,
  updatedAt: users.updatedAt
}

const profileById = preparedOnce(db => db.select(profile).from(users).leftJoin(outlets, eq(outlets.id, users.outletId))
  .where(eq(users.id, sql.placeholder('id'))).prepare('account_profile'))

const profilesByIds = preparedOnce(db => db.select(profile).from(users).leftJoin(outlets, eq(outlets.id, users.outletId))
  .where(sql`${users.id} = any(${sql.placeholder('ids')}::text::uuid[])`).prepare('account_profiles'))

/** Under load together: one statement for twenty profiles costs little more than one for two. */
const findProfile: (db: Executor) => (accountId: string) => Promise<AccountProfile | undefined> = preparedOnce(db => gathered<string, AccountProfile>({
  most: 24,
  atOnce: 2,
  keyOf: id => id,
  shared: true,
  one: async id => (await profileById(db).execute({ id }))[0],
  many: async ids => new Map((await profilesByIds(db).execute({ ids: arrayLiteral(ids) })).map(found => [found.id, found]))
}))

export async function findCredentials (db: Executor, { by, value }: Identifier): Promise<AccountCredentials | undefined> {
  // What cannot be such a name is looked up like one that nobody has: the time must not tell them apart.
  const [account] = await credentialsBy[by](db).execute({ value: value ?? '' })
  return account
}

/**
 * @param accountId of an account that is signed in
 * @throws AuthError `invalid_access_token` when it has vanished
 */
export async function requireProfile (db: Executor, accountId: string): Promise<AccountProfile> {
  const profile = await findProfile(db)(accountId)
  if (profile === undefined) throw revokedMeanwhile('account vanished meanwhile', { accountId })
  return profile
}

/** What a change of an account rests on. */
export interface LockedAccount {
  email: string
  username: string | null
  emailVerifiedAt: Date | null
  passwordHash: string | null
}

/**
 * Locks an account for the rest of the transaction. Whatever changes an account's credentials, or ends its sessions
 * because of such a change or for all of them, does this first: changes then follow one another, each sees what the one before it did, and none waits for another in a circle.
 *
 * @returns undefined when it does not exist or is disabled
 */
export async function lockAccount (tx: Executor, accountId: string): Promise<LockedAccount | undefined> {
  const [account] = await tx.select({ email: users.email, username: users.username, emailVerifiedAt: users.emailVerifiedAt, passwordHash: users.passwordHash })
    .from(users).where(and(eq(users.id, accountId), isNull(users.disabledAt))).for('no key update')
  return account
}

/**
 * @returns the hash of an account's password, or null where it has none or is disabled
 * @throws AuthError `account_not_found` when it has vanished
 */
export async function findPasswordHash (db: Executor, accountId: string): Promise<string | null> {
  const [account] = await db.select({ hash: users.passwordHash, disabledAt: users.disabledAt }).from(users).where(eq(users.id, accountId))
  if (account === undefined) throw new AuthError('account_not_found', { accountId })
  return account.disabledAt === null ? account.hash : null
}
