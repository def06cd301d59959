import fastifyHelmet from '@fastify/helmet'
import fp from 'fastify-plugin'

/** Headers for a server of JSON: nothing may be framed, sniffed, run or cached. */
export default fp(async app => {
  await app.register(fastifyHelmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] } },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'no-referrer' },
    // Only for this host: which of its neighbours have TLS is not ours to say.
    strictTransportSecurity: { maxAge: 15_552_000, includeSubDomains: false }
  })
  app.addHook('onRequest', async (_request, reply) => { void reply.header('cache-control', 'no-store') })
}, { name: 'security-headers' })
