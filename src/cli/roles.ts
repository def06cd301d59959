import type { Command } from 'commander'
import type { Database } from '../../db/client.js'
import type { Config } from '../config.js'
import { grantRole, revokeRole } from '../domain/administration/grants.js'
import { createRole, listRoles, PERMISSION_NAME } from '../domain/administration/roles.js'
import { AuthError } from '../domain/errors.js'
import { type AccountView, rolesOf, viewAccount } from './account-view.js'
import { collected, finish, form, givenName } from './arguments.js'
import { commandLine, onInstallation } from './installation.js'
import { requireAccount, requireRole, USER } from './named.js'
import { printDone, printList } from './output.js'
import { Refusal } from './refusal.js'

const permission = form('--permission', 'words of small letters, digits, underscores or hyphens, joined by dots, such as reports.read', PERMISSION_NAME)

/** `kunci role …`: roles, and who has them. */
export function addRoleCommands (program: Command, readConfig: () => Config): void {
  const role = program.command('role').description('roles, and who has them')

  const list = role.command('list').description('all roles, by number')
  finish(list, 'kunci role list').action(async () => {
    const rows = await onInstallation(readConfig(), async ({ db }) => await listRoles(db))
    printList(list, { rows, next: null }, {
      ID: role => role.id,
      NUMBER: role => role.number,
      NAME: role => role.name,
      ADMIN: role => role.isAdmin,
      'SELF-ASSIGNABLE': role => role.selfAssignable,
      DEFAULT: role => role.isDefault,
      PERMISSIONS: role => role.permissions.join(', ')
    })
  })

  const create = role.command('create').description('makes a role')
    .argument('<name>', 'its name', givenName('NAME'))
    .option('--permission <permission>', 'one that it gives, of Kunci\'s own or of an application\'s; may be given several times', collected(permission), [])
    .option('--self-assignable', 'anybody may choose it at registration')
  finish(create, 'kunci role create cashier --permission sales.create --permission sales.read').action(async (name: string, { permission: permissions, selfAssignable = false }: { permission: string[], selfAssignable?: boolean }) => {
    const made = await onInstallation(readConfig(), async ({ db, now }) => await createRole(db, commandLine, { name, permissions, selfAssignable }, now))
    printDone(create, made, [`${made.name} was made: ${made.id}`])
  })

  const grant = role.command('grant').description('gives an account a role, active')
    .argument('<user>', USER).argument('<role>', 'its name or id')
    .option('--primary', 'as the one that contracts of a single role show')
  finish(grant, 'kunci role grant siti@example.com cashier --primary').action(async (user: string, name: string, { primary }: { primary?: true }) => {
    const account = await changeRolesOf(readConfig(), user, name, async (db, id, roleId, now) =>
      await grantRole(db, commandLine, id, { roleId, isPrimary: primary === true }, now))
    printDone(grant, account, [`${account.email} has ${rolesOf(account)}.`])
  })

  const revoke = role.command('revoke').description('takes a role from an account; every account keeps an active one')
    .argument('<user>', USER).argument('<role>', 'its name or id')
  finish(revoke, 'kunci role revoke siti@example.com cashier').action(async (user: string, name: string) => {
    const account = await changeRolesOf(readConfig(), user, name, async (db, id, roleId, now) => {
      await revokeRole(db, commandLine, id, roleId, now).catch((error: unknown) => { throw isOnlyRole(error) ? new Refusal('this is the only active role that the account has, and it must keep one: grant another first') : error })
    })
    printDone(revoke, account, [`${account.email} has ${rolesOf(account)}.`])
  })
}

async function changeRolesOf (config: Config, user: string, role: string, change: (db: Database, accountId: string, roleId: string, now: Date) => Promise<unknown>): Promise<AccountView> {
  return await onInstallation(config, async ({ db, now }) => {
    const { id } = await requireAccount(db, user)
    await change(db, id, (await requireRole(db, role)).id, now)
    return await viewAccount(db, id)
  })
}

function isOnlyRole (error: unknown): boolean {
  return error instanceof AuthError && error.code === 'invalid_input'
}
