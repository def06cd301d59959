import fastifyJwt from '@fastify/jwt'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { createSigner } from 'fast-jwt'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { AccessClaims, accessClaims, accessHeader, type AccessTerms } from '../src/domain/access-claims.js'
import { AuthError } from '../src/domain/errors.js'
import type { Grant } from '../src/domain/grant.js'
import type { ContractPolicy } from '../src/domain/policy.js'
import { isLiveSession } from '../src/domain/sessions.js'
import { AccessTokenRequiredError } from './errors.js'

const claimsCheck = TypeCompiler.Compile(AccessClaims)

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
       * @throws AccessTokenRequiredError without one; AuthError `invalid_access_token` for one that is not good here
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

/**
 * One contract's access tokens: JWTs of their own type, for this audience, from this issuer, by a key of ours.
 * Whatever else arrives is refused alike; why stands in the log.
 */
export default fp<{ policy: ContractPolicy }>(async (app, { policy }) => {
  const { current, byId } = app.keys
  const header = accessHeader({ algorithm: current.algorithm, keyId: current.kid })
  const sign = createSigner({ key: current.privateKey, algorithm: current.algorithm, kid: current.kid, header })

  await app.register(fastifyJwt, {
    // Only verification: a key is looked up by its id among our own; what else the header says of keys counts for nothing.
    secret: {
      public: (_request: FastifyRequest, token: { header: { kid?: unknown } }, done: (error: Error | null, key?: string) => void) => {
        const { kid } = token.header
        const key = typeof kid === 'string' ? byId.get(kid) : undefined
        if (key === undefined) done(new AuthError('invalid_access_token', { reason: 'unknown key' }))
        else done(null, key.publicKey)
      }
    // The library's types know this form for a secret alone, not for a public key.
    } as never,
    decode: { complete: true },
    // The library's clock is not the application's: expiry is checked below.
    verify: { algorithms: [current.algorithm], checkTyp: header.typ, ignoreExpiration: true, ignoreNotBefore: true }
  })

  async function verify (request: FastifyRequest): Promise<Principal> {
    const claims = await verifiedPayload(request)
    if (!claimsCheck.Check(claims)) throw refused('claims of another form')
    if (claims.aud !== policy.name) throw refused('foreign audience')
    if (!app.isIssuer(claims.iss)) throw refused('foreign issuer')
    const now = app.clock()
    if (claims.exp * 1000 <= now.getTime()) throw refused('expired')
    if (!await isLiveSession(app.db, claims.sub, claims.sid, now)) throw refused('revoked')
    return { accountId: claims.sub, sessionId: claims.sid }
  }

  async function tryVerify (request: FastifyRequest): Promise<Principal | undefined> {
    try {
      return await verify(request)
    } catch (error) {
      if (error instanceof AuthError || error instanceof AccessTokenRequiredError) return undefined
      throw error
    }
  }

  const terms = (): AccessTerms => ({ algorithm: current.algorithm, keyId: current.kid, issuer: app.publicUrl(), audience: policy.name, lifetime: policy.accessLifetime })

  app.decorate('accessTokens', {
    issue (grant) {
      const claims = accessClaims(grant, terms())
      return { token: sign(claims), expiresIn: claims.exp - claims.iat }
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
}, { name: 'access-tokens', dependencies: ['clock', 'database', 'keys', 'public-url', 'request-log'] })

async function verifiedPayload (request: FastifyRequest): Promise<unknown> {
  if (!isCanonical(request.headers.authorization ?? '')) throw refused('not canonical base64url')
  try {
    return await request.jwtVerify()
  } catch (error) {
    if (error instanceof AuthError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'malformed'
    if (code === 'FST_JWT_NO_AUTHORIZATION_IN_HEADER') throw new AccessTokenRequiredError()
    // Every other failure of the library is the token's, however it names it.
    throw refused(code)
  }
}

/** Decoding is lenient about the last bits; a token has one spelling (RFC 4648, section 3.5). */
function isCanonical (authorization: string): boolean {
  const [, signature] = /^Bearer [^.]+\.[^.]+\.([\w-]+)$/i.exec(authorization) ?? []
  return signature === undefined || Buffer.from(signature, 'base64url').toString('base64url') === signature
}

function refused (reason: string): AuthError {
  return new AuthError('invalid_access_token', { reason })
}
