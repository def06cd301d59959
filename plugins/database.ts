import fp from 'fastify-plugin'
import { type Database, openDatabase } from '../db/client.js'
import { migrateDatabase } from '../db/migrate.js'
import { type DatabaseSource, resolveDatabase } from '../db/resolve.js'

declare module 'fastify' {
  interface FastifyInstance {
    db: Database
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
  app.decorate('db', connection.db)
}, { name: 'database' })
