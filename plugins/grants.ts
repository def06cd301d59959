import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { AccountProfile, Identifier } from '../src/domain/accounts.js'
import type { Grant } from '../src/domain/grant.js'
import type { KnownDevice } from '../src/domain/known-device.js'
import type { ContractPolicy } from '../src/domain/policy.js'
import { type NewAccount, registerAccount, registerSignedIn, type RegistrationRequest } from '../src/domain/registration.js'
import { isAdministrator } from '../src/domain/roles.js'
import { rotateSession } from '../src/domain/rotation.js'
import { signIn } from '../src/domain/sign-in.js'
import { TokenRefusedError } from '../src/domain/token-refusal.js'
import { AccessTokenRequiredError } from './errors.js'
import type { PresentedTokens } from './refresh-tokens.js'

declare module 'fastify' {
  interface FastifyInstance {
    grants: {
      /**
       * Signs in by the contract's policy.
       * @param devices what the browser is known as, in a contract that has a cookie for it
       * @throws AuthError `invalid_credentials`, `email_not_verified`, `too_many_attempts`, `overloaded`
       */
      bySignIn: (request: FastifyRequest, identifier: Identifier, password: string, devices?: readonly KnownDevice[]) => Promise<Grant>
      /**
       * Rotates a session by one of the refresh tokens presented.
       * @throws TokenRefusedError (`invalid_refresh_token`)
       */
      byRotation: (request: FastifyRequest, presented: PresentedTokens) => Promise<Grant>
      /**
       * Registers an account and signs it in.
       * @throws like `registerAccount` of the domain
       */
      byRegistration: (request: FastifyRequest, account: NewAccount) => Promise<{ profile: AccountProfile, grant: Grant }>
    }
    /**
     * Registers an account by the contract's policy; with an administrator's access token of the contract it may have any role.
     * @throws like the domain's; TokenRefusedError where a token that is not good here would be needed
     */
    registerAccount: (request: FastifyRequest, account: NewAccount) => Promise<AccountProfile>
  }
}

/** How one contract's endpoints come by accounts and grants: the domain's registration, sign-in and rotation under its policy, for whoever asks. */
export default fp<{ policy: ContractPolicy, refreshGrace: number }>(async (app, { policy, refreshGrace }) => {
  async function asksAsAdministrator (request: FastifyRequest): Promise<boolean> {
    try {
      const { accountId } = await app.accessTokens.verify(request)
      return await isAdministrator(app.db, accountId)
    } catch (error) {
      if (error instanceof AccessTokenRequiredError) return false
      throw error
    }
  }

  function registrationRequest (request: FastifyRequest): RegistrationRequest {
    return { requester: request.requester, mayAssignAnyRole: async () => await asksAsAdministrator(request) }
  }

  app.decorate('registerAccount', async (request, account) => {
    const profile = await registerAccount(app.db, app.passwords, app.clock, policy, account, registrationRequest(request))
    request.subject = { accountId: profile.id }
    return profile
  })

  app.decorate('grants', {
    async byRegistration (request, account) {
      const asked = { ...registrationRequest(request), terms: app.accessTokens.terms() }
      const registered = await registerSignedIn(app.db, app.passwords, app.clock, policy, account, asked)
      request.subject = registered.grant
      return registered
    },
    async bySignIn (request, identifier, password, devices = []) {
      const { requester } = request
      const grant = await signIn(app.db, app.passwords, app.clock, policy, { identifier, password, requester, terms: app.accessTokens.terms(), devices })
      request.subject = { accountId: grant.accountId, sessionId: grant.sessionId, isGranted: true }
      return grant
    },
    async byRotation (request, presented) {
      const { requester } = request
      const [first] = presented.references
      if (first === undefined) throw new TokenRefusedError('refresh', await app.refreshTokens.refusals(presented))
      request.subject = { accountId: first.accountId, sessionId: first.rowId }
      const grant = await rotateSession(app.db, presented.references, { policy, grace: refreshGrace, requester, terms: app.accessTokens.terms(), now: app.clock() })
      request.subject = { accountId: grant.accountId, sessionId: grant.sessionId, isGranted: true }
      return grant
    }
  })
}, { name: 'grants', dependencies: ['access-tokens', 'clock', 'database', 'passwords', 'refresh-tokens', 'requester', 'request-log'] })
