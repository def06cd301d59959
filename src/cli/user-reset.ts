import type { Command } from 'commander'
import type { Config } from '../config.js'
import { sendLink } from '../domain/administration/accounts.js'
import { setPassword } from '../domain/administration/passwords.js'
import { hashPassword } from '../domain/password-hash.js'
import { finish } from './arguments.js'
import { commandLine, onInstallation } from './installation.js'
import { requireAccount, USER } from './named.js'
import { printDone } from './output.js'
import { readNewPassword } from './password-input.js'
import { mailPolicy, primaryPolicy } from './policies.js'
import { Refusal } from './refusal.js'
import { WHEN_SENT } from './sentences.js'

interface ResetOptions {
  passwordStdin?: true
  contract?: string
}

/** `kunci user reset-password`. */
export function addResetCommand (user: Command, readConfig: () => Config): void {
  const reset = user.command('reset-password').description('mails an account\'s address a link to choose a new password; until then the old one is good')
    .argument('<user>', USER)
    .option('--password-stdin', 'sets the password that is read from standard input, ends all sessions and tells the address')
    .option('--contract <name>', 'the contract whose page and language the mail has')
  finish(reset, 'kunci user reset-password siti@example.com', 'kunci user reset-password siti@example.com --password-stdin < password.txt')
    .action(async (name: string, options: ResetOptions) => {
      if (options.passwordStdin === true) await setFromInput(reset, readConfig(), name, options)
      else await mailLink(reset, readConfig(), name, options)
    })
}

async function mailLink (reset: Command, config: Config, name: string, options: ResetOptions): Promise<void> {
  const policy = mailPolicy(config, options.contract)
  const { id, email } = await onInstallation(config, async ({ db, now }) => {
    const account = await requireAccount(db, name)
    if (account.disabledAt !== null) throw new Refusal(`${account.email} is disabled, and no link is good for it: kunci user enable ${account.id} first`)
    if (!await sendLink(db, commandLine, policy, account.id, 'reset_password', now)) throw new Refusal(`${account.email} was sent five such mails within an hour, and gets no more: the last link is good for an hour`)
    return account
  })
  printDone(reset, { id, email, mail: 'reset_password' }, [`A mail to ${email} with a link to choose a new password is queued. ${WHEN_SENT}`])
}

async function setFromInput (reset: Command, config: Config, name: string, options: ResetOptions): Promise<void> {
  const policy = mailPolicy(config, options.contract)
  const password = await readNewPassword(primaryPolicy(config))
  const { id, email, ended } = await onInstallation(config, async ({ db, now }) => {
    const { id, email } = await requireAccount(db, name)
    return { id, email, ended: await setPassword(db, commandLine, policy, id, hashPassword(password), now) }
  })
  printDone(reset, { id, email, ended }, [`${email} has the new password. ${ended === 1 ? '1 session' : `${ended} sessions`} ended, and the address is told by mail.`])
}
