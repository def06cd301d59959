import fp from 'fastify-plugin'
import type { Identifier } from '../src/domain/accounts.js'
import type { Grant } from '../src/domain/grant.js'
import type { ContractPolicy } from '../src/domain/policy.js'
import { rotateSession } from '../src/domain/rotation.js'
import { signIn } from '../src/domain/sign-in.js'
import type { Reference } from '../src/domain/signed-reference.js'

declare module 'fastify' {
  interface FastifyInstance {
    grants: {
      /**
       * Signs in by the contract's policy.
       * @throws AuthError `invalid_credentials`, `email_not_verified`, `overloaded`
       */
      bySignIn: (request: FastifyRequest, identifier: Identifier, password: string) => Promise<Grant>
      /**
       * Rotates a session by one of the refresh tokens presented.
       * @throws AuthError `invalid_refresh_token`
       */
      byRotation: (request: FastifyRequest, presented: readonly Reference[]) => Promise<Grant>
    }
  }
}

/** How one contract's endpoints come by a grant: the domain's sign-in and rotation under its policy, for whoever asks. */
export default fp<{ policy: ContractPolicy, refreshGrace: number }>(async (app, { policy, refreshGrace }) => {
  app.decorate('grants', {
    async bySignIn (request, identifier, password) {
      const { requester } = request
      const grant = await signIn(app.db, app.passwords, app.clock, policy, { identifier, password, requester, terms: app.accessTokens.terms() })
      request.subject = grant
      return grant
    },
    async byRotation (request, presented) {
      const { requester } = request
      const grant = await rotateSession(app.db, presented, { policy, grace: refreshGrace, requester, terms: app.accessTokens.terms(), now: app.clock() })
      request.subject = grant
      return grant
    }
  })
}, { name: 'grants', dependencies: ['access-tokens', 'clock', 'database', 'passwords', 'requester', 'request-log'] })
