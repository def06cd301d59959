import type { Command } from 'commander'
import type { Config } from '../config.js'
import { cursors } from '../domain/administration/lists.js'
import { findMail, type ListedMail, listMails, type MailState, mailStates, retryMail } from '../domain/administration/mails.js'
import { addPageOptions, finish, oneOf, type PageOptions, uuid } from './arguments.js'
import { onInstallation } from './installation.js'
import { type Cell, printDone, printList, printRecord } from './output.js'
import { Refusal } from './refusal.js'
import { WHEN_SENT } from './sentences.js'

/** `kunci mail …`: what was sent, and what was not. */
export function addMailCommands (program: Command, readConfig: () => Config): void {
  const mail = program.command('mail').description('mails: what was sent, and what was not')

  const list = mail.command('list').description('mails of the last week and those that wait, the latest queued first')
    .option('--state <state>', `only those in this state: ${mailStates.join(', ')}`, oneOf('--state', mailStates))
  finish(addPageOptions(list, cursors.ids), 'kunci mail list --state failed').action(async ({ state, limit, cursor }: PageOptions & { state?: MailState }) => {
    const page = await onInstallation(readConfig(), async ({ db }) => await listMails(db, { state }, { limit, cursor }))
    printList(list, page, {
      ID: mail => mail.id,
      QUEUED: mail => mail.createdAt,
      KIND: mail => mail.kind,
      RECIPIENT: mail => mail.recipient,
      STATE: mail => mail.state,
      ATTEMPTS: mail => mail.attempts,
      'LAST ERROR': mail => mail.lastError
    })
  })

  const show = mail.command('show').description('one mail: its state, attempts and last error, and never its link').argument('<id>', 'its id', uuid('ID'))
  finish(show, 'kunci mail show 0198c5a0-7b1e-7c3a-9f00-0123456789ab').action(async (id: string) => {
    const mail = await onInstallation(readConfig(), async ({ db }) => await findMail(db, id))
    if (mail === undefined) throw noSuchMail(id)
    printRecord(show, mail, partsOf(mail))
  })

  const retry = mail.command('retry').description('makes a mail that failed or waits due at once').argument('<id>', 'its id', uuid('ID'))
  finish(retry, 'kunci mail retry 0198c5a0-7b1e-7c3a-9f00-0123456789ab').action(async (id: string) => {
    const mail = await onInstallation(readConfig(), async ({ db, now }) => {
      const retried = await retryMail(db, id, now)
      if (retried !== undefined) return retried
      const known = await findMail(db, id)
      throw known === undefined ? noSuchMail(id) : new Refusal(`the mail was ${known.state}: only one that failed or is queued can be tried again`)
    })
    printDone(retry, mail, [`The mail to ${mail.recipient} is due. ${WHEN_SENT}`])
  })
}

function partsOf ({ id, kind, contract, language, recipient, userId, state, attempts, lastError, nextAttemptAt, createdAt, settledAt }: ListedMail): Record<string, Cell> {
  return {
    id,
    kind,
    contract,
    language,
    recipient,
    user: userId,
    state,
    attempts,
    'last error': lastError,
    'next attempt': settledAt === null ? nextAttemptAt : null,
    queued: createdAt,
    settled: settledAt
  }
}

function noSuchMail (id: string): Refusal {
  return new Refusal(`no mail has the id ${id}: kunci mail list shows those that are kept`)
}
