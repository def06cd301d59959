import fp from 'fastify-plugin'

/**
 * What Helmet 8 sets, for a server of JSON: nothing may be framed, sniffed, run or cached. Written out, since asking Helmet at each
 * request costs as much as the rest of a small answer.
 */
const headers = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'referrer-policy': 'no-referrer',
  // Only for this host: which of its neighbours have TLS is not ours to say.
  'strict-transport-security': 'max-age=15552000',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-download-options': 'noopen',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
  'x-xss-protection': '0'
} as const

/** The headers of every answer. */
export default fp(async app => {
  app.addHook('onRequest', (_request, reply, done) => {
    void reply.headers(headers)
    done()
  })
}, { name: 'security-headers' })
