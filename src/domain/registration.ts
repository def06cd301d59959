import { eq, sql } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.js'
import { constraintViolated } from '../../db/constraint-violated.js'
import { outlets } from '../../db/schema/outlets.js'
import { roles } from '../../db/schema/roles.js'
import { userRoles } from '../../db/schema/user-roles.js'
import { users } from '../../db/schema/users.js'
import { recordEvent } from './audit.js'
import type { Clock } from './clock.js'
import { AuthError } from './errors.js'
import { enqueueLink } from './mail-outbox.js'
import type { PasswordHasher } from './password-hasher.js'
import { requirePassword } from './password-rules.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'
import { newRowId } from './row-id.js'

export interface NewAccount {
  /** in its normal form */
  email: string
  username: string
  password: string
  outletId: string
  roleId: string
}

/**
 * Registers an account: the account, its role, its event and the mail that verifies its address are written together or
 * not at all.
 *
 * @param actor whether whoever asks may assign any role (asked only where the role is not for everybody to choose)
 * @throws AuthError `invalid_input` (the password), `outlet_not_found`, `role_not_found`, `forbidden`, `email_taken`, `username_taken`, `overloaded`
 */
export async function registerAccount (db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, account: NewAccount, requester: Requester, actor: { mayAssignAnyRole: () => Promise<boolean> }): Promise<{ id: string }> {
  requirePassword(account.password, policy.passwordRule)
  const asked = await findAsked(db, account)
  if (asked.outlet === null) throw new AuthError('outlet_not_found')
  if (asked.selfAssignable === null) throw new AuthError('role_not_found')
  if (!asked.selfAssignable && !await actor.mayAssignAnyRole()) throw new AuthError('forbidden', { reason: 'the role is not self-assignable' })
  // Asked before hashing, which is the dear part; the unique indexes below have the last word.
  if (asked.emailTaken) throw new AuthError('email_taken')
  if (asked.usernameTaken) throw new AuthError('username_taken')

  const passwordHash = await passwords.hash(account.password)
  const now = clock()
  const id = newRowId(now)
  try {
    await db.transaction(async tx => {
      await tx.insert(users).values({ id, email: account.email, username: account.username, passwordHash, outletId: account.outletId, createdAt: now, updatedAt: now })
      await tx.insert(userRoles).values({ userId: id, roleId: account.roleId, status: true, isPrimary: true, createdAt: now, updatedAt: now })
      await recordEvent(tx, { type: 'account.registered', userId: id, contract: policy.name, requester }, now)
      await enqueueLink(tx, { kind: 'verify_email', recipient: account.email, policy, accountId: id }, now)
    })
  } catch (error) {
    throw refusalOf(error) ?? error
  }
  return { id }
}

async function findAsked (db: Executor, account: NewAccount) {
  const [asked] = await db.select({
    outlet: sql<string | null>`(select ${outlets.id} from ${outlets} where ${eq(outlets.id, account.outletId)})`,
    selfAssignable: sql<boolean | null>`(select ${roles.selfAssignable} from ${roles} where ${eq(roles.id, account.roleId)})`,
    emailTaken: sql<boolean>`exists (select from ${users} where ${eq(users.email, account.email)})`,
    usernameTaken: sql<boolean>`exists (select from ${users} where lower(${users.username}) = lower(${account.username}))`
  }).from(sql`(values (1)) as asked`)
  if (asked === undefined) throw new Error('a query of one row returned none')
  return asked
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
