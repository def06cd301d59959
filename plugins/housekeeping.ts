import fp from 'fastify-plugin'
import { databaseFailure } from '../db/failure.js'
import { removeOutdated } from '../src/domain/retention.js'

/** Hourly; several instances may do so at once. */
const EVERY = 3_600_000

/** Removes outdated rows while the server runs. */
export default fp<{ longestLifetime: number }>(async (app, { longestLifetime }) => {
  const timer = setInterval(() => {
    removeOutdated(app.db, longestLifetime, app.clock()).then(removed => {
      app.log.debug({ removed }, 'outdated rows removed')
    }, (error: unknown) => {
      app.log.error({ database: databaseFailure(error)?.code }, 'outdated rows could not be removed')
    })
  }, EVERY).unref()
  app.addHook('onClose', async () => { clearInterval(timer) })
}, { name: 'housekeeping', dependencies: ['clock', 'database'] })
