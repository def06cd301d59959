import { and, eq, sql } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.js'
import { outlets } from '../../db/schema/outlets.js'
import { roles } from '../../db/schema/roles.js'
import { userRoles } from '../../db/schema/user-roles.js'
import { users } from '../../db/schema/users.js'
import { recordEvent } from './audit.js'
import type { PasswordHasher } from './password-hasher.js'
import { rolesOfAccount } from './roles.js'
import { newRowId } from './row-id.js'

/**
 * Makes the first administrator, verified and at the first outlet, unless an account of that email or username exists, or an
 * administrator under another address: a restart must not bring the first password back. Several instances may start at
 * once.
 *
 * @param administrator `email` in its normal form; `username` may be missing
 * @returns `made`; `exists`, where it is an administrator already; `no_administrator`, where the account of that email is
 *   none; `another` administrator exists; `username_taken` by another account
 */
export async function ensureAdministrator (db: Database, passwords: PasswordHasher, administrator: { email: string, username: string | undefined, password: string }, now: Date): Promise<'made' | 'exists' | 'no_administrator' | 'another' | 'username_taken'> {
  const { email, username } = administrator
  // Looked up before hashing: a start with an account that is there costs no hash.
  const [known] = await db.select({ roles: rolesOfAccount }).from(users).where(eq(users.email, email))
  if (known !== undefined) return known.roles.some(role => role.isAdmin) ? 'exists' : 'no_administrator'
  if (await hasAdministrator(db)) return 'another'
  const passwordHash = await passwords.hash(administrator.password)
  const id = newRowId(now)
  return await db.transaction(async tx => {
    const [made] = await tx.insert(users).values({
      id,
      email,
      username: username ?? null,
      passwordHash,
      outletId: sql`(select ${outlets.id} from ${outlets} order by ${outlets.createdAt}, ${outlets.id} limit 1)`,
      emailVerifiedAt: now,
      createdAt: now,
      updatedAt: now
    }).onConflictDoNothing().returning({ id: users.id })
    if (made === undefined) return await isTaken(tx, email) ? 'exists' : 'username_taken'
    await tx.insert(userRoles).values({
      userId: id,
      roleId: sql`(select ${roles.id} from ${roles} where ${roles.isAdmin} order by ${roles.number} limit 1)`,
      status: true,
      isPrimary: true,
      createdAt: now,
      updatedAt: now
    })
    await recordEvent(tx, { type: 'account.registered', userId: id, contract: null, reason: 'first administrator', requester: null }, now)
    return 'made'
  })
}

async function hasAdministrator (db: Executor): Promise<boolean> {
  const [held] = await db.select({ id: userRoles.userId }).from(userRoles)
    .innerJoin(roles, eq(roles.id, userRoles.roleId)).where(and(roles.isAdmin, userRoles.status)).limit(1)
  return held !== undefined
}

/** Another instance that starts at the same time may have been faster. */
async function isTaken (db: Executor, email: string): Promise<boolean> {
  const [account] = await db.select({ id: users.id }).from(users).where(eq(users.email, email))
  return account !== undefined
}
