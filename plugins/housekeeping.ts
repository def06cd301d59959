import fp from 'fastify-plugin'
import { databaseFailure } from '../db/failure.js'
import { eraseDue } from '../src/domain/account-deletion.js'
import { removeOutdated } from '../src/domain/retention.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Removes outdated rows, and the accounts whose deletion is due; done hourly by itself. */
    keepHouse: () => Promise<void>
  }
}

/** Hourly; several instances may do so at once. */
const EVERY = 3_600_000

/** Removes outdated rows and deleted accounts while the server runs. */
export default fp<{ longestLifetime: number }>(async (app, { longestLifetime }) => {
  app.decorate('keepHouse', async () => {
    const removed = { ...await removeOutdated(app.db, longestLifetime, app.clock()), accounts: await eraseDue(app.db, app.clock()) }
    app.log.debug({ removed }, 'outdated rows removed')
  })
  const timer = setInterval(() => {
    app.keepHouse().catch((error: unknown) => {
      app.log.error({ database: databaseFailure(error)?.code }, 'outdated rows could not be removed')
    })
  }, EVERY).unref()
  app.addHook('onClose', async () => { clearInterval(timer) })
}, { name: 'housekeeping', dependencies: ['clock', 'database'] })
