import type { CookieSerializeOptions } from '@fastify/cookie'
import fp from 'fastify-plugin'
import type { Grant } from '../src/domain/grant.js'
import type { ContractPolicy } from '../src/domain/policy.js'
import type { Reference } from '../src/domain/signed-reference.js'

export interface RefreshCookieOptions {
  policy: ContractPolicy
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
export default fp<RefreshCookieOptions>(async (app, { policy, prefix, cookie }) => {
  const purpose = `refresh:${policy.name}` as const
  const attributes: CookieSerializeOptions = {
    path: cookie.path ?? prefix,
    httpOnly: true,
    secure: true,
    sameSite: cookie.sameSite.toLowerCase() as Lowercase<typeof cookie.sameSite>,
    ...cookie.domain === undefined ? {} : { domain: cookie.domain }
  }

  app.decorate('refreshCookie', {
    set (reply, { accountId, sessionId, generation, expiresAt }) {
      const token = app.references.sign(purpose, { accountId, rowId: sessionId, counter: generation })
      // Rounded up: the moment between the sign-in and this line must not cost the session's last second.
      const maxAge = Math.ceil((expiresAt.getTime() - app.clock().getTime()) / 1000)
      void reply.setCookie(cookie.name, token, { ...attributes, maxAge })
    },
    clear (reply) {
      void reply.clearCookie(cookie.name, attributes)
    },
    read (request) {
      return cookieValues(request.headers.cookie, cookie.name)
        .map(value => app.references.read(purpose, value))
        .filter(reference => reference !== undefined)
        .slice(0, MOST_COOKIES)
    },
    isPresent: request => cookieValues(request.headers.cookie, cookie.name).length > 0
  })
}, { name: 'refresh-cookie', dependencies: ['@fastify/cookie', 'clock', 'keys'] })

/** Cookie parsers keep one value a name; a browser with cookies left over from another path sends several. */
function cookieValues (header: string | undefined, name: string): string[] {
  return (header ?? '').split(';').flatMap(pair => {
    const at = pair.indexOf('=')
    return at >= 0 && pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim()] : []
  })
}
