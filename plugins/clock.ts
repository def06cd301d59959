import fp from 'fastify-plugin'
import type { Clock } from '../src/domain/clock.js'

declare module 'fastify' {
  interface FastifyInstance {
    clock: Clock
  }
}

/** The one clock of the application. */
export default fp<{ clock: Clock }>(async (app, { clock }) => {
  app.decorate('clock', clock)
}, { name: 'clock' })
