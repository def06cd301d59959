import fp from 'fastify-plugin'
import { type Database, openDatabase } from '../db/client.js'
import { migrateDatabase } from '../db/migrate.js'
import { checkPooler } from '../db/pooler.js'
import { type DatabaseSource, resolveDatabase } from '../db/resolve.js'

declare module 'fastify' {
  interface FastifyInstance {
    db: Database
    /** postgres:// URL that reaches the database without a pooler in between */
    directUrl: string
  }
}

/** The database, migrated to the newest schema, and the pool on it. */
export default fp<DatabaseSource>(async (app, source) => {
  const { url, directUrl, stop } = await resolveDatabase(source)
  const connection = openDatabase(url)
  app.addHook('onClose', async () => {
    await connection.close()
    await stop()
  })
  await migrateDatabase(directUrl)
  if (url !== directUrl) await checkPooler(url)
  app.decorate('db', connection.db)
  app.decorate('directUrl', directUrl)
}, { name: 'database' })
