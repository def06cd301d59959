import type { Command } from 'commander'
import { hasEmbeddedDatabase } from '../../db/embedded/location.js'
import { listPendingMigrations, migrateDatabase, type Migration } from '../../db/migrate.js'
import type { Config } from '../config.js'
import { finish } from './arguments.js'
import { onDatabase } from './installation.js'
import { print } from './output.js'

/** `kunci migrate`: brings the database to the newest schema without starting a server, as a start does by itself. */
export function addMigrateCommand (program: Command, readConfig: () => Config): void {
  const migrate = program.command('migrate').description('brings the database to the newest schema, as each start of the server does')
    .option('--dry-run', 'prints the SQL of the migrations that are to come, and changes nothing')
  finish(migrate, 'kunci migrate --dry-run').action(async ({ dryRun }: { dryRun?: true }) => {
    const config = readConfig()
    if (dryRun === true) {
      const pending = await findPending(config)
      print(migrate, { pending }, () => pending.length === 0 ? ['-- nothing: the database has the newest schema'] : pending.flatMap(toSql))
    } else {
      const applied = await onDatabase(config, async ({ directUrl }) => await migrateDatabase(directUrl))
      print(migrate, { applied }, () => [...applied.map(name => `${name} was applied.`), 'The database has the newest schema.'])
    }
  })
}

async function findPending (config: Config): Promise<Migration[]> {
  if (config.databaseUrl === undefined && !await hasEmbeddedDatabase(config.dataDir)) return await listPendingMigrations(undefined)
  return await onDatabase(config, async ({ directUrl }) => await listPendingMigrations(directUrl))
}

function toSql ({ name, statements }: Migration): string[] {
  return [`-- ${name}`, ...statements, '']
}
