import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** whether what the endpoint grants is read by a gateway and never by a browser */
    forGateways?: boolean
  }
}

/**
 * What the OWASP REST Security Cheat Sheet asks of a server of JSON, and `Cross-Origin-Resource-Policy`: nothing may be framed, sniffed,
 * run, cached or embedded. What else Helmet sets says something of documents alone, which this server's answers are not. Written
 * out, since asking Helmet at each request costs as much as the rest of a small answer.
 */
const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  // Only for this host: which of its neighbours have TLS is not ours to say.
  'strict-transport-security': 'max-age=15552000',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY'
} as const

/** Browsers act on none of the others here: a gateway asks, and keeps what it is granted to itself. Its refusals it may pass on. */
const grantedToGateways = { 'cache-control': headers['cache-control'] } as const

/** The headers of every answer. */
export default fp(async app => {
  app.addHook('onRequest', (request, reply, done) => {
    void reply.headers(request.routeOptions.config.forGateways === true ? grantedToGateways : headers)
    done()
  })
  app.addHook('onError', (request, reply, _error, done) => {
    if (request.routeOptions.config.forGateways === true) void reply.headers(headers)
    done()
  })
}, { name: 'security-headers' })
