import { performance } from 'node:perf_hooks'
import fp from 'fastify-plugin'
import { readDatabaseClock } from '../db/clock.js'
import { databaseFailure } from '../db/failure.js'
import type { Clock } from '../src/domain/clock.js'

declare module 'fastify' {
  interface FastifyInstance {
    clock: Clock
  }
}

export interface ClockOptions {
  /** undefined follows the database's */
  clock: Clock | undefined
}

/** How often the database is asked for the time, in milliseconds. */
const EVERY = 3000

/** Milliseconds by which the time may move from one look to the next without a word. */
const NOTEWORTHY = 1000

/**
 * The one clock of the application: the database's, so that all instances have the same, whatever the clocks of their machines
 * say. Between two looks at it, and while it is out of reach, a counter goes on that nobody sets.
 */
export default fp<ClockOptions>(async (app, { clock }) => {
  if (clock !== undefined) {
    app.decorate('clock', clock)
    return
  }
  /** what the counter lacks to the time, in milliseconds */
  let offset = -Infinity

  async function look (): Promise<void> {
    const asked = performance.now()
    const time = (await readDatabaseClock(app.db)).getTime()
    const answered = performance.now()
    // The database looked some time between the two: an offset that agrees with that stays.
    const agreed = Math.min(Math.max(offset, time - answered), time - asked)
    const moved = agreed - offset
    offset = agreed
    if (Number.isFinite(moved) && Math.abs(moved) > NOTEWORTHY) {
      app.log.warn({ seconds: moved / 1000 }, 'the time has moved: the clock of the database was set, or this machine stood still')
    }
  }

  await look()
  const timer = setInterval(() => {
    look().catch((error: unknown) => { app.log.warn({ database: databaseFailure(error)?.code }, 'the database could not be asked for the time') })
  }, EVERY).unref()
  app.addHook('onClose', async () => { clearInterval(timer) })

  app.decorate('clock', () => new Date(performance.now() + offset))
}, { name: 'clock', dependencies: ['database'] })
