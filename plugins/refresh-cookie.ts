import fp from 'fastify-plugin'
import type { Grant } from '../src/domain/grant.js'
import { cookieValues, type ContractCookieOptions, writtenCookie } from './contract-cookie.js'
import type { PresentedTokens } from './refresh-tokens.js'

declare module 'fastify' {
  interface FastifyInstance {
    refreshCookie: {
      /** Hands out the grant's refresh token; the cookie lives as long as the session. */
      set: (reply: FastifyReply, grant: Grant) => void
      clear: (reply: FastifyReply) => void
      /** @returns what the request's cookies of the name hold, in their order */
      read: (request: FastifyRequest) => PresentedTokens
      /** @returns whether the request has a cookie of the name, good or not */
      isPresent: (request: FastifyRequest) => boolean
    }
  }
}

/** The cookie that carries one contract's refresh token: out of reach of scripts and of other sites. */
export default fp<ContractCookieOptions>(async (app, options) => {
  const { name } = options.cookie
  const cookie = writtenCookie(app, name, options)

  app.decorate('refreshCookie', {
    set (reply, grant) {
      // Rounded up: the moment between the sign-in and this line must not cost the session's last second.
      const maxAge = Math.ceil((grant.expiresAt.getTime() - app.clock().getTime()) / 1000)
      void reply.header('set-cookie', cookie.set(app.refreshTokens.issue(grant), maxAge))
    },
    clear (reply) {
      void reply.header('set-cookie', cookie.clear())
    },
    read (request) {
      return app.refreshTokens.read(...cookieValues(request, name))
    },
    isPresent: request => cookieValues(request, name).length > 0
  })
}, { name: 'refresh-cookie', dependencies: ['@fastify/cookie', 'clock', 'refresh-tokens'] })
