import type { SerializeOptions } from '@fastify/cookie'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** What the cookies of one contract have in common. */
export interface ContractCookieOptions {
  /** the contract's prefix: where its cookies go, unless configured otherwise */
  prefix: string
  cookie: {
    /** of the refresh cookie, and the beginning of any other's */
    name: string
    path: string | undefined
    sameSite: 'Strict' | 'Lax' | 'None'
    domain: string | undefined
  }
}

/** A cookie as `Set-Cookie` has it (RFC 6265, section 4.1), out of reach of scripts and of other sites. */
interface WrittenCookie {
  /** @param value of characters that a cookie may have as they are; `maxAge` is in seconds */
  set: (value: string, maxAge: number) => string
  clear: () => string
}

/**
 * Writes the cookie's attributes once: `reply.setCookie` does it for each, which takes a twentieth of a refresh.
 *
 * @param name of the cookie
 */
export function writtenCookie (app: FastifyInstance, name: string, { prefix, cookie }: ContractCookieOptions): WrittenCookie {
  const attributes: SerializeOptions = {
    path: cookie.path ?? prefix,
    httpOnly: true,
    secure: true,
    sameSite: cookie.sameSite.toLowerCase() as Lowercase<typeof cookie.sameSite>,
    ...cookie.domain === undefined ? {} : { domain: cookie.domain }
  }
  const rest = app.serializeCookie(name, '', attributes).slice(`${name}=`.length)
  const cleared = app.serializeCookie(name, '', { ...attributes, maxAge: 0, expires: new Date(0) })
  return { set: (value, maxAge) => `${name}=${value}; Max-Age=${maxAge}${rest}`, clear: () => cleared }
}

/**
 * Cookie parsers keep one value a name; a browser with cookies left over from another path sends several.
 *
 * @returns the values of the request's cookies of a name, in their order
 */
export function cookieValues (request: FastifyRequest, name: string): string[] {
  return (request.headers.cookie ?? '').split(';').flatMap(pair => {
    const at = pair.indexOf('=')
    return at >= 0 && pair.slice(0, at).trim() === name ? [pair.slice(at + 1).trim()] : []
  })
}
