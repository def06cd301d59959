import fp from 'fastify-plugin'

declare module 'fastify' {
  interface FastifyInstance {
    /** @returns whether the server has begun to close */
    isClosing: () => boolean
  }
}

/**
 * Lets a closing server end: an answer to a request that was under way closes its connection, which would otherwise be
 * kept open for the next request and hold the server until its keep-alive is over.
 */
export default fp(async app => {
  let closing = false
  app.addHook('preClose', async () => { closing = true })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (closing) void reply.header('connection', 'close')
    done()
  })
  app.decorate('isClosing', () => closing)
}, { name: 'graceful-close' })
