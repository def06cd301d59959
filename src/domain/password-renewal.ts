import { and, eq } from 'drizzle-orm'
import type { Executor } from '../../db/client.js'
import { users } from '../../db/schema/users.js'

/**
 * Stores the hash that replaces another of the same password, unless that is no longer the account's.
 *
 * @param account `passwordHash`: the hash that was compared
 * @param renewedHash undefined where the one that was compared may stay
 * @returns the account with the hash that is stored now; undefined when it was another meanwhile
 */
export async function storeRenewedHash<Account extends { id: string, passwordHash: string | null }> (db: Executor, account: Account, renewedHash: string | undefined): Promise<Account | undefined> {
  if (renewedHash === undefined || account.passwordHash === null) return account
  const stored = await db.update(users).set({ passwordHash: renewedHash })
    .where(and(eq(users.id, account.id), eq(users.passwordHash, account.passwordHash)))
  return stored.count === 1 ? { ...account, passwordHash: renewedHash } : undefined
}
