import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyRequest } from 'fastify'

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

/** @returns out of reach of scripts and of other sites */
export function cookieAttributes ({ prefix, cookie }: ContractCookieOptions): CookieSerializeOptions {
  return {
    path: cookie.path ?? prefix,
    httpOnly: true,
    secure: true,
    sameSite: cookie.sameSite.toLowerCase() as Lowercase<typeof cookie.sameSite>,
    ...cookie.domain === undefined ? {} : { domain: cookie.domain }
  }
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
