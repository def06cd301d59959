import { createSigner } from 'fast-jwt'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type AccessClaims, accessClaims, accessHeader, type AccessTerms } from '../src/domain/access-claims.js'
import type { Grant } from '../src/domain/grant.js'
import type { ContractPolicy } from '../src/domain/policy.js'
import { TokenRefusedError } from '../src/domain/token-refusal.js'
import { AccessTokenRequiredError } from './errors.js'
import { refused } from './token-verifier.js'

/** Who a request's access token speaks for. */
export interface Principal {
  accountId: string
  sessionId: string
}

declare module 'fastify' {
  interface FastifyInstance {
    accessTokens: {
      /** @returns a signed access token for what a session entitles to, and the seconds that it lives: never longer than the session */
      issue: (grant: Grant) => { token: string, expiresIn: number }
      /** @returns under what a token issued now is issued, for the event that tells of it */
      terms: () => AccessTerms
      /**
       * Reads the request's bearer token.
       * @throws AccessTokenRequiredError without one; TokenRefusedError (`invalid_access_token`) for one that is not good here
       */
      verify: (request: FastifyRequest) => Promise<Principal>
      /** Like `verify`, where being signed in is no condition: undefined without a token that is good here. */
      tryVerify: (request: FastifyRequest) => Promise<Principal | undefined>
    }
    /** A hook: from here on, signed in. */
    authenticate: (request: FastifyRequest) => Promise<void>
  }
  interface FastifyRequest {
    /** set by `authenticate` */
    principal: Principal
  }
}

type Sign = (claims: AccessClaims) => string

/** One contract's access tokens: issued for its audience, and good in it alone. */
export default fp<{ policy: ContractPolicy }>(async (app, { policy }) => {
  // A signer that is made once for each key: one made for each token is thirty times slower.
  const signers = new WeakMap<object, Sign>()
  function signer (): Sign {
    const key = app.keys.current()
    const known = signers.get(key)
    if (known !== undefined) return known
    const made: Sign = createSigner({ key: key.privateKey, algorithm: key.algorithm, kid: key.kid, header: accessHeader({ algorithm: key.algorithm, keyId: key.kid }) })
    signers.set(key, made)
    return made
  }

  async function verify (request: FastifyRequest): Promise<Principal> {
    const claims = await app.verifyAccessToken(request)
    if (claims.aud !== policy.name) throw refused(claims, { reason: 'foreign', detail: `audience ${claims.aud}` })
    return { accountId: claims.sub, sessionId: claims.sid }
  }

  async function tryVerify (request: FastifyRequest): Promise<Principal | undefined> {
    try {
      return await verify(request)
    } catch (error) {
      if (error instanceof TokenRefusedError || error instanceof AccessTokenRequiredError) return undefined
      throw error
    }
  }

  function terms (): AccessTerms {
    const { algorithm, kid } = app.keys.current()
    return { algorithm, keyId: kid, issuer: app.publicUrl(), audience: policy.name, lifetime: policy.accessLifetime }
  }

  app.decorate('accessTokens', {
    issue (grant) {
      const claims = accessClaims(grant, terms())
      return { token: signer()(claims), expiresIn: claims.exp - claims.iat }
    },
    terms,
    verify,
    tryVerify
  })
  app.decorateRequest('principal')
  app.decorate('authenticate', async request => {
    request.principal = await verify(request)
    request.subject = request.principal
  })
}, { name: 'access-tokens', dependencies: ['database', 'keys', 'public-url', 'request-log', 'token-verifier'] })
