import fp from 'fastify-plugin'
import { type Database, openDatabase } from '../db/client.js'
import { startEmbeddedDatabase } from '../db/embedded/start.js'
import { migrateDatabase } from '../db/migrate.js'

declare module 'fastify' {
  interface FastifyInstance {
    db: Database
  }
}

export interface DatabaseOptions {
  /** postgres:// URL; undefined starts the embedded database */
  url: string | undefined
  /** postgres:// URL for migrations, which need a session of their own; `url` where undefined */
  directUrl: string | undefined
  /** the folder of the embedded database */
  dataDir: string
}

/** The database, migrated to the newest schema, and the pool on it. */
export default fp<DatabaseOptions>(async (app, { url, directUrl, dataDir }) => {
  const embedded = url === undefined ? await startEmbeddedDatabase({ dataDir }) : undefined
  const databaseUrl = url ?? embedded?.url ?? ''
  const connection = openDatabase(databaseUrl)
  app.addHook('onClose', async () => {
    await connection.close()
    await embedded?.stop()
  })
  await migrateDatabase(directUrl ?? databaseUrl)
  app.decorate('db', connection.db)
}, { name: 'database' })
