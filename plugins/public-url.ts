import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** @returns where clients reach this server, without a trailing slash: the issuer of its tokens and the base of its mail links */
    publicUrl: () => string
    /** @returns whether an access token of this issuer, signed with a key of this database, was issued for this server */
    isIssuer: (issuer: string) => boolean
  }
}

export interface PublicUrlOptions {
  /** what the operator says; undefined for the server's own URL */
  configured: string | undefined
  host: string
  port: number
}

/** Knows the server's URL from the configuration and the listening socket alone, never from a request. */
export default fp<PublicUrlOptions>(async (app, { configured, host, port }) => {
  let own: string | undefined
  function ownUrl (): string {
    const address = app.server.address()
    const actualPort = typeof address === 'object' && address !== null ? address.port : port
    // An address that listens everywhere is none that a browser can open.
    const reachable = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host
    const url = `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${actualPort}`
    if (app.server.listening) own = url
    return url
  }

  app.decorate('publicUrl', () => configured ?? own ?? ownUrl())

  // Without a configured URL the instances on one database go by different names, each its own; the key tells enough then.
  app.decorate('isIssuer', issuer => configured === undefined || issuer === configured)
}, { name: 'public-url' })
