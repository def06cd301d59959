import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { AuthError } from '../src/domain/errors.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** A hook for what a cookie can do: refuses requests that another site's page sends. */
    requireOwnOrigin: (request: FastifyRequest) => Promise<void>
  }
}

/**
 * Keeps other sites from using a browser's cookie (OWASP ASVS V3.5). If `Origin` is sent, it decides; else a browser's
 * own word in `Sec-Fetch-Site` does; who sends neither is no browser.
 */
export default fp<{ allowed: readonly string[] }>(async (app, { allowed }) => {
  app.decorate('requireOwnOrigin', async request => {
    const { origin, 'sec-fetch-site': site } = request.headers
    const own = origin === undefined ? site !== 'cross-site' : isOwn(origin, request)
    if (!own) throw new AuthError('forbidden', { reason: 'a request from another site' })
  })

  function isOwn (origin: string, request: FastifyRequest): boolean {
    if (allowed.includes(origin)) return true
    if (!/^https?:\/\//.test(origin) || !URL.canParse(origin)) return false
    const url = new URL(origin)
    if (origin !== url.origin) return false
    if (url.origin === new URL(app.publicUrl()).origin) return true
    // The scheme is not compared: behind a proxy that ends TLS this server sees http where the browser sees https. What the
    // proxy names as the host may hold the port that the browser leaves out.
    const asked = `${url.protocol}//${request.host}`
    return URL.canParse(asked) && new URL(asked).host === url.host
  }
}, { name: 'origin-check', dependencies: ['public-url'] })
