import { migrateDatabase } from '../db/migrate.js'
import { resolveDatabase } from '../db/resolve.js'
import { type Config, readConfig } from './config.js'
import { contracts } from './contracts.js'
import { startFailure } from './start-failure.js'

/** Brings the configured database to the newest schema, without starting a server: what a start does by itself. */
let config: Config | undefined
try {
  config = readConfig(process.env, contracts)
  const { directUrl, stop } = await resolveDatabase({ url: config.databaseUrl, directUrl: config.databaseDirectUrl, dataDir: config.dataDir })
  try {
    await migrateDatabase(directUrl)
  } finally {
    await stop()
  }
  process.stdout.write('The database has the newest schema.\n')
} catch (error) {
  process.stderr.write(`${startFailure(error, config?.databaseDirectUrl)}\n`)
  process.exitCode = 1
}
