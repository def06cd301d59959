import { startEmbeddedDatabase } from '../db/embedded/start.js'
import { migrateDatabase } from '../db/migrate.js'
import { readConfig } from './config.js'
import { contracts } from './contracts.js'

/** Brings the configured database to the newest schema, without starting a server: what a start does by itself. */
const { databaseDirectUrl, dataDir } = readConfig(process.env, contracts)
const embedded = databaseDirectUrl === undefined ? await startEmbeddedDatabase({ dataDir }) : undefined
try {
  await migrateDatabase(databaseDirectUrl ?? embedded?.url ?? '')
  process.stdout.write('The database has the newest schema.\n')
} finally {
  await embedded?.stop()
}
