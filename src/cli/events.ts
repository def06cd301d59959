import type { Command } from 'commander'
import type { Executor } from '../../db/client.js'
import type { Config } from '../config.js'
import { cursors, listEvents, type ListedEvent } from '../domain/administration/lists.js'
import { COMMAND_LINE } from '../domain/administration/standing.js'
import { type EventType, eventTypes } from '../domain/audit.js'
import { addPageOptions, finish, isUuid, moment, oneOf, type PageOptions } from './arguments.js'
import { onInstallation } from './installation.js'
import { requireAccount, USER } from './named.js'
import { printList } from './output.js'
import { Refusal } from './refusal.js'

interface EventOptions extends PageOptions {
  user?: string
  type?: EventType
  from?: Date
  to?: Date
}

/** `kunci events`: what happened. */
export function addEventsCommand (program: Command, readConfig: () => Config): void {
  const events = program.command('events').description('what happened, the latest first')
    .option('--user <user>', `only what is about one account: ${USER}; of one that was deleted the id`)
    .option('--type <type>', 'only of this type, such as login.failed', oneOf('--type', eventTypes))
    .option('--from <time>', 'not before this time', moment('--from'))
    .option('--to <time>', 'before this time', moment('--to'))
  finish(addPageOptions(events, cursors.events), 'kunci events --user siti@example.com --type login.failed --from 2026-01-05T08:00:00Z')
    .action(async ({ user, type, from, to, limit, cursor }: EventOptions) => {
      const page = await onInstallation(readConfig(), async ({ db }) => {
        const accountId = user === undefined ? undefined : await requireAccountOnce(db, user)
        return await listEvents(db, { accountId, type, from, to }, { limit, cursor })
      })
      printList(events, page, {
        TIME: event => event.createdAt,
        TYPE: event => event.type,
        USER: event => event.userId,
        BY: actorOf,
        REASON: event => event.reason === COMMAND_LINE ? null : event.reason,
        CONTRACT: event => event.contract,
        ADDRESS: event => event.ip,
        DETAILS: event => event.details === null ? null : JSON.stringify(event.details)
      })
    })
}

/** Events outlive the account that they are about. */
async function requireAccountOnce (db: Executor, text: string): Promise<string> {
  try {
    return (await requireAccount(db, text)).id
  } catch (error) {
    if (error instanceof Refusal && isUuid(text)) return text.toLowerCase()
    throw error
  }
}

/** Whoever did it, where that is another than the account that it is about. */
function actorOf ({ actorId, reason }: ListedEvent): string | null {
  return actorId ?? (reason === COMMAND_LINE ? reason : null)
}
