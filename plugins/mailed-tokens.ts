import fp from 'fastify-plugin'
import type { TokenPurpose } from '../src/domain/one-time-tokens.js'
import type { Reference } from '../src/domain/signed-reference.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** @returns what a mailed token says, undefined for one that was not signed here for this purpose; the request then speaks for its account */
    readMailedToken: (request: FastifyRequest, purpose: TokenPurpose | 'invitation', text: string) => Reference | undefined
  }
}

/** Reads the tokens that mails carry. */
export default fp(async app => {
  app.decorate('readMailedToken', (request, purpose, text) => {
    const reference = app.references.read(purpose, text)
    if (reference !== undefined) request.subject = { accountId: reference.accountId }
    return reference
  })
}, { name: 'mailed-tokens', dependencies: ['keys', 'request-log'] })
