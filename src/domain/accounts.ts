import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.js'
import { preparedOnce } from '../../db/prepared.js'
import { outlets } from '../../db/schema/outlets.js'
import { users } from '../../db/schema/users.js'
import { type HeldRole, rolesOfAccount } from './roles.js'

/** What signing in compares: no more, so that an account that exists is found in the time of one that does not. */
export interface AccountCredentials {
  id: string
  passwordHash: string | null
  emailVerifiedAt: Date | null
  disabledAt: Date | null
}

/** An account as its owner sees it. */
export interface AccountProfile {
  id: string
  number: number
  email: string
  username: string | null
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
  disabledAt: users.disabledAt
}

const credentialsByEmail = preparedOnce(db => db.select(credentials).from(users)
  .where(eq(users.email, sql.placeholder('email'))).prepare('account_credentials_by_email'))

const profileById = preparedOnce(db => db.select({
  id: users.id,
  number: users.number,
  email: users.email,
  username: users.username,
  emailVerifiedAt: users.emailVerifiedAt,
  outlet: { id: outlets.id, name: outlets.name },
  roles: rolesOfAccount,
  createdAt: users.createdAt,
  updatedAt: users.updatedAt
}).from(users).leftJoin(outlets, eq(outlets.id, users.outletId))
  .where(eq(users.id, sql.placeholder('id'))).prepare('account_profile'))

/** @param email in its normal form */
export async function findCredentialsByEmail (db: Database, email: string): Promise<AccountCredentials | undefined> {
  const [account] = await credentialsByEmail(db).execute({ email })
  return account
}

export async function findProfile (db: Database, accountId: string): Promise<AccountProfile | undefined> {
  const [profile] = await profileById(db).execute({ id: accountId })
  return profile
}

/** What a change of an account rests on. */
export interface LockedAccount {
  email: string
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
  const [account] = await tx.select({ email: users.email, emailVerifiedAt: users.emailVerifiedAt, passwordHash: users.passwordHash })
    .from(users).where(and(eq(users.id, accountId), isNull(users.disabledAt))).for('no key update')
  return account
}

/** @returns the hash of an account's password, or null where it has none, is disabled or does not exist */
export async function findPasswordHash (db: Executor, accountId: string): Promise<string | null> {
  const [account] = await db.select({ hash: users.passwordHash, disabledAt: users.disabledAt }).from(users).where(eq(users.id, accountId))
  return account === undefined || account.disabledAt !== null ? null : account.hash
}
