import { type Database, openDatabase } from '../../db/client.js'
import { migrateDatabase } from '../../db/migrate.js'
import { resolveDatabase } from '../../db/resolve.js'
import { generatedSecret } from '../auth-secret.js'
import type { Config } from '../config.js'
import type { Secrets } from '../domain/signing-keys.js'

/**
 * Does a piece of work on the installation's database, started or joined if it is the embedded one, and leaves it again.
 *
 * @throws ConfigError, EmbeddedDatabaseError, the database's own errors, or those of the work
 */
export async function onInstallation<Result> (config: Config, work: (installation: { db: Database, secrets: Secrets }) => Promise<Result>): Promise<Result> {
  const { url, directUrl, stop } = await resolveDatabase({ url: config.databaseUrl, directUrl: config.databaseDirectUrl, dataDir: config.dataDir })
  try {
    await migrateDatabase(directUrl)
    const secrets = config.secrets ?? [await generatedSecret(config.dataDir)] as const
    const { db, close } = openDatabase(url)
    try {
      return await work({ db, secrets })
    } finally {
      await close()
    }
  } finally {
    await stop()
  }
}
