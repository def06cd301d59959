import type { Command } from 'commander'
import type { Config } from '../config.js'
import { endSessions } from '../domain/administration/accounts.js'
import { cursors, listLiveSessions } from '../domain/administration/lists.js'
import { addPageOptions, finish, type PageOptions, uuid } from './arguments.js'
import { commandLine, onInstallation } from './installation.js'
import { requireAccount, USER } from './named.js'
import { printDone, printList } from './output.js'

/** `kunci sessions …`: who is signed in. */
export function addSessionCommands (program: Command, readConfig: () => Config): void {
  const sessions = program.command('sessions').description('who is signed in')

  const list = sessions.command('list').description('sessions that go on, the latest begun first').argument('[user]', `only those of one account: ${USER}`)
  finish(addPageOptions(list, cursors.ids), 'kunci sessions list siti@example.com').action(async (user: string | undefined, { limit, cursor }: PageOptions) => {
    const page = await onInstallation(readConfig(), async ({ db, now }) => {
      const accountId = user === undefined ? undefined : (await requireAccount(db, user)).id
      return await listLiveSessions(db, { accountId }, { limit, cursor }, now)
    })
    printList(list, page, {
      ID: session => session.id,
      USER: session => session.userId,
      CONTRACT: session => session.contract,
      DEVICE: session => session.device,
      ADDRESS: session => session.ip,
      BEGAN: session => session.createdAt,
      'LAST USED': session => session.rotatedAt,
      EXPIRES: session => session.expiresAt
    })
  })

  const revoke = sessions.command('revoke').description('ends an account\'s sessions, or one of them').argument('<user>', USER).argument('[session]', 'its id', uuid('SESSION'))
  finish(revoke, 'kunci sessions revoke siti@example.com').action(async (user: string, session: string | undefined) => {
    const done = await onInstallation(readConfig(), async ({ db, now }) => {
      const { id, email } = await requireAccount(db, user)
      return { id, email, ended: await endSessions(db, commandLine, id, session, now) }
    })
    printDone(revoke, done, [done.ended === 1 ? `1 session of ${done.email} ended.` : `${done.ended} sessions of ${done.email} ended.`])
  })
}
