import type { Command } from 'commander'
import type { Config } from '../config.js'
import { deleteAccount, disableAccount, enableAccount } from '../domain/administration/accounts.js'
import { cursors, listAccounts } from '../domain/administration/lists.js'
import { accountParts, stateOf, viewAccount } from './account-view.js'
import { addPageOptions, finish, type PageOptions } from './arguments.js'
import { addImportCommand } from './import.js'
import { commandLine, onInstallation } from './installation.js'
import { requireAccount, USER } from './named.js'
import { printDone, printList, printRecord } from './output.js'
import { confirm, requireAnswerable } from './terminal.js'
import { addCreateCommand } from './user-creation.js'
import { addResetCommand } from './user-reset.js'

/** `kunci user …`: accounts. */
export function addUserCommands (program: Command, readConfig: () => Config): void {
  const user = program.command('user').description('accounts')
  addCreateCommand(user, readConfig)
  addShowCommand(user, readConfig)
  addListCommand(user, readConfig)
  addDisableCommand(user, readConfig)
  addEnableCommand(user, readConfig)
  addResetCommand(user, readConfig)
  addDeleteCommand(user, readConfig)
  addImportCommand(user, readConfig)
}

function addShowCommand (user: Command, readConfig: () => Config): void {
  const show = user.command('show').description('everything about one account').argument('<user>', USER)
  finish(show, 'kunci user show siti@example.com').action(async (name: string) => {
    const account = await onInstallation(readConfig(), async ({ db }) => await viewAccount(db, (await requireAccount(db, name)).id))
    printRecord(show, account, accountParts(account))
  })
}

function addListCommand (user: Command, readConfig: () => Config): void {
  const list = user.command('list').description('accounts, the latest made first')
    .option('--search <words>', 'only those with words in their email, username or name that begin so')
  finish(addPageOptions(list, cursors.accounts), 'kunci user list --search "siti example" --limit 10')
    .action(async ({ search, limit, cursor }: PageOptions & { search?: string }) => {
      const { rows, next } = await onInstallation(readConfig(), async ({ db }) => await listAccounts(db, { search }, { limit, cursor }))
      const listed = rows.map(({ assignments: _, ...account }) => ({ ...account, roles: account.roles.map(({ id, name }) => ({ id, name })) }))
      printList(list, { rows: listed, next }, {
        ID: account => account.id,
        EMAIL: account => account.email,
        USERNAME: account => account.username,
        NAME: account => account.name,
        OUTLET: account => account.outlet?.name ?? null,
        ROLES: account => account.roles.map(role => role.name).join(', '),
        STATE: stateOf,
        CREATED: account => account.createdAt
      })
    })
}

function addDisableCommand (user: Command, readConfig: () => Config): void {
  const disable = user.command('disable').description('keeps an account from signing in and ends its sessions').argument('<user>', USER)
  finish(disable, 'kunci user disable siti@example.com').action(async (name: string) => {
    const account = await onInstallation(readConfig(), async ({ db, now }) => {
      const { id } = await requireAccount(db, name)
      await disableAccount(db, commandLine, id, now)
      return await viewAccount(db, id)
    })
    printDone(disable, account, [`${account.email} is disabled, and has no session any more.`])
  })
}

function addEnableCommand (user: Command, readConfig: () => Config): void {
  const enable = user.command('enable').description('lets a disabled account sign in again').argument('<user>', USER)
  finish(enable, 'kunci user enable siti@example.com').action(async (name: string) => {
    const account = await onInstallation(readConfig(), async ({ db, now }) => {
      const { id } = await requireAccount(db, name)
      await enableAccount(db, commandLine, id, now)
      return await viewAccount(db, id)
    })
    printDone(enable, account, [`${account.email} is enabled.`])
  })
}

function addDeleteCommand (user: Command, readConfig: () => Config): void {
  const remove = user.command('delete').description('deletes an account for good, at once; asks first').argument('<user>', USER)
    .option('--yes', 'does not ask')
  finish(remove, 'kunci user delete siti@example.com --yes').action(async (name: string, options: { yes?: true }) => {
    requireAnswerable(options)
    const { id, email } = await onInstallation(readConfig(), async ({ db, now }) => {
      const account = await requireAccount(db, name)
      await confirm(`Delete ${account.email} (${account.id}) for good, with its sessions, roles and mails?`, options)
      await deleteAccount(db, commandLine, account.id, now)
      return account
    })
    printDone(remove, { id, email }, [`${email} is deleted.`])
  })
}
