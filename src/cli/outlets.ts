import type { Command } from 'commander'
import type { Config } from '../config.js'
import { createOutlet, listAllOutlets } from '../domain/administration/outlets.js'
import { type Registration, registrations } from '../domain/outlets.js'
import { finish, givenName, oneOf } from './arguments.js'
import { commandLine, onInstallation } from './installation.js'
import { printDone, printList } from './output.js'

/** `kunci outlet …`: outlets. */
export function addOutletCommands (program: Command, readConfig: () => Config): void {
  const outlet = program.command('outlet').description('outlets')

  const list = outlet.command('list').description('all outlets, by name')
  finish(list, 'kunci outlet list').action(async () => {
    const rows = await onInstallation(readConfig(), async ({ db }) => await listAllOutlets(db))
    printList(list, { rows, next: null }, {
      ID: outlet => outlet.id,
      NAME: outlet => outlet.name,
      REGISTRATION: outlet => outlet.registration,
      CREATED: outlet => outlet.createdAt
    })
  })

  const create = outlet.command('create').description('makes an outlet').argument('<name>', 'its name', givenName('NAME'))
    .option('--registration <who>', `who may register there: ${registrations.join(', ')}`, oneOf('--registration', registrations), 'open')
  finish(create, 'kunci outlet create "Outlet Gaming" --registration invitation').action(async (name: string, { registration }: { registration: Registration }) => {
    const made = await onInstallation(readConfig(), async ({ db, now }) => await createOutlet(db, commandLine, { name, registration }, now))
    printDone(create, made, [`${made.name} was made: ${made.id}`])
  })
}
