import type { Executor } from '../../db/client.js'
import { findAccount, findAccountsNamed, type ListedAccount } from '../domain/administration/lists.js'
import { listAllOutlets, type Outlet } from '../domain/administration/outlets.js'
import { listRoles, type Role } from '../domain/administration/roles.js'
import { Refusal } from './refusal.js'

/** How a command's help says what an account is named by. */
export const USER = 'its email, username or id'

/**
 * @param text an email, username or id
 * @throws Refusal when it names no account, or two
 */
export async function requireAccount (db: Executor, text: string): Promise<ListedAccount> {
  const ids = await findAccountsNamed(db, text)
  if (ids.length > 1) throw new Refusal(`${JSON.stringify(text)} is the id of one account and the username of another: name it by its email`)
  const account = ids[0] === undefined ? undefined : await findAccount(db, ids[0])
  if (account === undefined) throw new Refusal(`no account has the email, username or id ${JSON.stringify(text)}`)
  return account
}

/** @throws Refusal when the text is neither the name, in any case, nor the id of a role */
export async function requireRole (db: Executor, text: string): Promise<Role> {
  return only('role', text, await listRoles(db), name => name.toLowerCase() === text.toLowerCase())
}

/** @throws Refusal when the text is neither the name nor the id of an outlet */
export async function requireOutlet (db: Executor, text: string): Promise<Outlet> {
  return only('outlet', text, await listAllOutlets(db), name => name === text)
}

function only<Thing extends { id: string, name: string }> (kind: string, text: string, things: readonly Thing[], isNamed: (name: string) => boolean): Thing {
  const [found, another] = things.filter(({ id, name }) => id === text.toLowerCase() || isNamed(name))
  if (found === undefined) throw new Refusal(`no ${kind} has the name or id ${JSON.stringify(text)}: kunci ${kind} list shows them`)
  if (another !== undefined) throw new Refusal(`${JSON.stringify(text)} is the id of one ${kind} and the name of another`)
  return found
}
