import type { CookieSerializeOptions } from '@fastify/cookie'
import fp from 'fastify-plugin'
import type { Grant } from '../src/domain/grant.js'
import type { Reference } from '../src/domain/signed-reference.js'

export interface RefreshCookieOptions {
  /** the contract's prefix: where the cookie goes, unless configured otherwise */
  prefix: string
  cookie: {
    name: string
    path: string | undefined
    sameSite: 'Strict' | 'Lax' | 'None'
    domain: string | undefined
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    refreshCookie: {
      /** Hands out the grant's refresh token; the cookie lives as long as the session. */
      set: (reply: FastifyReply, grant: Grant) => void
      clear: (reply: FastifyReply) => void
      /** @returns the references in the request's cookies of the name, in their order; forged ones are left out */
      read: (request: FastifyRequest) => Reference[]
      /** @returns whether the request has a cookie of the name, good or not */
      isPresent: (request: FastifyRequest) => boolean
    }
  }
}

/** How many good cookies of one name are looked up: a browser holds one for each path and domain. */
const MOST_COOKIES = 8

/** The cookie that carries one contract's refresh token: out of reach of scripts and of other sites. */
export default fp<RefreshCookieOptions>(async (app, { prefix, cookie }) => {
  const attributes: CookieSerializeOptions = {
    path: cookie.path ?? prefix,
    httpOnly: true,
    secure: true,
    sameSite: cookie.sameSite.toLowerCase() as Lowercase<typeof cookie.sameSite>,
    ...cookie.domain === undefined ? {} : { domain: cookie.domain }
  }

  app.decorate('refreshCookie', {
    set (reply, grant) {
      // Rounded up: the moment between the sign-in and this line must not cost the session's last second.
      const maxAge = Math.ceil((grant.expiresAt.getTime() - app.clock().getTime()) / 1000)
      void reply.setCookie(cookie.name, app.refreshTokens.issue(grant), { ...attributes, maxAge })
    },
    clear (reply) {
      void reply.clearCookie(cookie.name, attributes)
    },
    read (request) {
      return app.refreshTokens.read(...cookieValues(request.headers.cookie, cookie.name)).slice(0, MOST_COOKIES)
    },
    isPresent: request => cookieValues(request.headers.cookie, cookie.name).length > 0
  })
}, { name: 'refresh-cookie', dependencies: ['@fastify/cookie', 'clock', 'refresh-tokens'] })

/** Cookie parsers keep one value a name; a browser with cookies left over from another path sends several. */
function cookieValues (header: string | undefined, name: string): string[] {
  return (header ?? '').split(';').flatMap(pair => {
    const at = pair.indexOf('=')
    return at >= 0 && pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim()] : []
  })
}
