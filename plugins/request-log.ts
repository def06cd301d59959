import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyRequest {
    /** for whom the request turned out to speak; `isGranted` where it was given tokens and took nothing from the account */
    subject: { accountId: string, sessionId?: string, isGranted?: boolean } | null
  }
}

/**
 * One line a request: who, where, what came of it. The route's pattern stands for the path, since a path or query may
 * hold a token.
 */
export default fp(async app => {
  app.decorateRequest('subject', null)
  app.addHook('onResponse', (request, reply, done) => {
    request.log.info({
      method: request.method,
      route: request.routeOptions.url ?? 'unknown',
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      ip: request.requester.ip,
      ...subjectOf(request)
    }, 'request')
    done()
  })
}, { name: 'request-log', dependencies: ['requester'] })

function subjectOf (request: FastifyRequest): object {
  return request.subject === null ? {} : { account: request.subject.accountId, session: request.subject.sessionId }
}
