import type { Command } from 'commander'
import type { Config } from '../config.js'
import { createAccount } from '../domain/administration/accounts.js'
import { listRoles } from '../domain/administration/roles.js'
import { hashPassword } from '../domain/password-hash.js'
import { isPhoneNumber } from '../domain/phone-number.js'
import type { Executor } from '../../db/client.js'
import { viewAccount } from './account-view.js'
import { collected, email, finish, givenName, username } from './arguments.js'
import { commandLine, onInstallation } from './installation.js'
import { requireOutlet, requireRole } from './named.js'
import { printDone } from './output.js'
import { readNewPassword } from './password-input.js'
import { mailPolicy, primaryPolicy } from './policies.js'
import { UsageError } from './refusal.js'
import { WHEN_SENT } from './sentences.js'

interface CreateOptions {
  username?: string
  name?: string
  phone?: string
  outlet?: string
  role?: string[]
  passwordStdin?: true
  verified?: true
  contract?: string
}

/** `kunci user create`. */
export function addCreateCommand (user: Command, readConfig: () => Config): void {
  const create = user.command('create').description('makes an account; its address is mailed a link to choose the password')
    .argument('<email>', 'its address', email)
    .option('--username <username>', 'by which it signs in, too', username)
    .option('--name <name>', 'its owner\'s', givenName('--name'))
    .option('--phone <phone>', 'its owner\'s')
    .option('--outlet <outlet>', 'its outlet, by name or id')
    .option('--role <role>', 'a role that it has, by name or id; may be given several times, the first is the primary one; without any it has the default role', collected(text => text))
    .option('--password-stdin', 'reads its password from standard input; the mail has a link that verifies the address then')
    .option('--verified', 'with --password-stdin: the address counts as verified, and there is no mail')
    .option('--contract <name>', 'the contract whose page and language the mail has')
  finish(create, 'kunci user create siti@example.com --username siti --outlet "Main Outlet" --role user', 'kunci user create admin@example.com --role admin --password-stdin --verified < password.txt')
    .action(async (address: string, options: CreateOptions) => {
      const config = readConfig()
      const { username, name, phone, verified, contract } = options
      if (verified === true && options.passwordStdin !== true) throw new UsageError('--verified takes --password-stdin along: the link in the mail verifies the address otherwise')
      if (phone !== undefined && !isPhoneNumber(phone, config.phoneRegion)) throw new UsageError(`--phone was ${JSON.stringify(phone)}, but takes a possible phone number of at most 15 characters, with its country code or one of ${config.phoneRegion}`)
      const policy = mailPolicy(config, contract)
      const chosen = options.passwordStdin === true ? await readNewPassword(primaryPolicy(config)) : undefined
      const account = await onInstallation(config, async ({ db, now }) => {
        const outletId = options.outlet === undefined ? undefined : (await requireOutlet(db, options.outlet)).id
        const roles = (await rolesToGive(db, options.role)).map((roleId, at) => ({ roleId, isActive: true, isPrimary: at === 0 }))
        const password = chosen === undefined ? undefined : { hash: hashPassword(chosen), isEmailProven: verified === true }
        const id = await createAccount(db, commandLine, policy, { email: address, username, name, phone, outletId, roles, password }, now)
        return await viewAccount(db, id)
      })
      const mail = verified === true ? null : chosen === undefined ? 'choose_password' : 'verify_email'
      printDone(create, { ...account, mail }, [
        `${account.email} was made: ${account.id}`,
        ...mail === null ? [] : [`A mail with a link to ${chosen === undefined ? 'choose the password' : 'verify the address'} is queued. ${WHEN_SENT}`]
      ])
    })
}

async function rolesToGive (db: Executor, named: readonly string[] | undefined): Promise<string[]> {
  if (named === undefined) return (await listRoles(db)).filter(role => role.isDefault).map(role => role.id)
  const ids: string[] = []
  for (const name of named) ids.push((await requireRole(db, name)).id)
  return ids
}
