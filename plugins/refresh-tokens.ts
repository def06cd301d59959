import fp from 'fastify-plugin'
import type { Grant } from '../src/domain/grant.js'
import type { ContractPolicy } from '../src/domain/policy.js'
import type { Reference } from '../src/domain/signed-reference.js'

declare module 'fastify' {
  interface FastifyInstance {
    refreshTokens: {
      /** @returns the grant's refresh token; the same grant gives the same token */
      issue: (grant: Grant) => string
      /** @returns what those of the texts say that are refresh tokens of this contract, in their order; forged ones are left out */
      read: (...texts: string[]) => Reference[]
    }
  }
}

/** One contract's refresh tokens, by whatever way they travel. */
export default fp<{ policy: ContractPolicy }>(async (app, { policy }) => {
  const purpose = `refresh:${policy.name}` as const
  app.decorate('refreshTokens', {
    issue: ({ accountId, sessionId, generation }) => app.references.sign(purpose, { accountId, rowId: sessionId, counter: generation }),
    read: (...texts) => texts.map(text => app.references.read(purpose, text)).filter(reference => reference !== undefined)
  })
}, { name: 'refresh-tokens', dependencies: ['keys'] })
