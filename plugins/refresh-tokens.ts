import fp from 'fastify-plugin'
import type { Grant } from '../src/domain/grant.js'
import type { ContractPolicy } from '../src/domain/policy.js'
import type { Reference } from '../src/domain/signed-reference.js'
import type { TokenRefusal } from '../src/domain/token-refusal.js'

declare module 'fastify' {
  interface FastifyInstance {
    refreshTokens: {
      /** @returns the grant's refresh token; the same grant gives the same token */
      issue: (grant: Grant) => string
      /** Reads what a request brought where refresh tokens belong. */
      read: (...texts: string[]) => PresentedTokens
      /** @returns why each of what was presented is none of this contract's refresh tokens */
      refusals: (presented: PresentedTokens) => Promise<TokenRefusal[]>
    }
  }
}

/** Tokens as a request brought them, at most eight of each kind. */
export interface PresentedTokens {
  /** what those say that are refresh tokens of this contract, in their order */
  references: readonly Reference[]
  /** all others, as they were sent */
  others: readonly string[]
}

/** As many are looked at: a browser holds one cookie for each path and domain. */
const MOST_TOKENS = 8

/** One contract's refresh tokens, by whatever way they travel. */
export default fp<{ policy: ContractPolicy }>(async (app, { policy }) => {
  const purpose = `refresh:${policy.name}` as const
  app.decorate('refreshTokens', {
    issue: ({ accountId, sessionId, generation }) => app.references.sign(purpose, { accountId, rowId: sessionId, counter: generation }),
    read (...texts) {
      const read = texts.map(text => ({ text, reference: app.references.read(purpose, text) }))
      return {
        references: read.flatMap(({ reference }) => reference ?? []).slice(0, MOST_TOKENS),
        others: read.filter(({ reference }) => reference === undefined).map(({ text }) => text).slice(0, MOST_TOKENS)
      }
    },
    async refusals ({ others }) {
      return await Promise.all(others.map(async text => app.foreignReference(text) ?? await app.misplacedAccessToken(text) ?? { reason: 'malformed' as const }))
    }
  })
}, { name: 'refresh-tokens', dependencies: ['foreign-references', 'keys', 'token-verifier'] })
