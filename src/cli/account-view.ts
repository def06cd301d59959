import type { Executor } from '../../db/client.js'
import { findAccount, type ListedAccount } from '../domain/administration/lists.js'
import { AuthError } from '../domain/errors.js'
import type { Cell } from './output.js'

/** An account as a command shows it: with every role, active or not. */
export type AccountView = Omit<ListedAccount, 'assignments' | 'roles'> & { roles: Array<{ id: string, name: string, isActive: boolean, isPrimary: boolean }> }

/** @throws AuthError `account_not_found` */
export async function viewAccount (db: Executor, id: string): Promise<AccountView> {
  const found = await findAccount(db, id)
  if (found === undefined) throw new AuthError('account_not_found')
  const { assignments, ...account } = found
  return { ...account, roles: assignments.map(({ id, name, isActive, isPrimary }) => ({ id, name, isActive, isPrimary })) }
}

/** @returns the account's parts as they are shown to people */
export function accountParts (account: AccountView): Record<string, Cell> {
  const { id, number, email, username, name, phone, outlet, emailVerifiedAt, disabledAt, deletionDueAt, createdAt, updatedAt } = account
  return {
    id,
    number,
    email,
    username,
    name,
    phone,
    outlet: outlet?.name ?? null,
    roles: rolesOf(account),
    state: stateOf(account),
    verified: emailVerifiedAt,
    disabled: disabledAt,
    deletion: deletionDueAt,
    created: createdAt,
    updated: updatedAt
  }
}

/** @returns its roles in a line, the primary one first */
export function rolesOf ({ roles }: AccountView): string {
  return roles.map(({ name, isActive, isPrimary }) => `${name}${isPrimary ? ' (primary)' : ''}${isActive ? '' : ' (not active)'}`).join(', ')
}

/** @returns in a word whether its owner can sign in */
export function stateOf ({ emailVerifiedAt, disabledAt, deletionDueAt }: Pick<ListedAccount, 'emailVerifiedAt' | 'disabledAt' | 'deletionDueAt'>): string {
  if (disabledAt !== null) return 'disabled'
  if (deletionDueAt !== null) return 'leaving'
  return emailVerifiedAt === null ? 'unverified' : 'active'
}
