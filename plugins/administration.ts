import fp from 'fastify-plugin'
import { type Actor, type Permission, requireStanding } from '../src/domain/administration/standing.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** what an endpoint of administration takes: this permission, or one of these */
    permission?: Permission | readonly Permission[]
  }
  interface FastifyRequest {
    /** who administers, as the domain's acts want to know */
    actor: Actor
  }
}

/** Every endpoint of a scope is for accounts with the permission that it names, as they are at this moment; one that names none does not start. */
export default fp(async app => {
  app.decorateRequest('actor')
  app.addHook('onRoute', ({ url, config }) => {
    if (config?.permission === undefined) throw new Error(`${url} names no permission`)
  })

  app.addHook('onRequest', async request => {
    const { permission } = request.routeOptions.config
    // An unknown path is nobody's, and told without a token.
    if (permission === undefined) return
    await app.authenticate(request)
    request.actor = { ...request.principal, requester: request.requester }
    await requireStanding(app.db, request.actor, permission)
  })
}, { name: 'administration', dependencies: ['access-tokens', 'database', 'requester'] })
