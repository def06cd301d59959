import { randomUUID } from 'node:crypto'
import fastifyJwt from '@fastify/jwt'
import { type Static, Type } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { createSigner } from 'fast-jwt'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { AuthError } from '../src/domain/errors.js'
import type { Grant } from '../src/domain/grant.js'
import type { ContractPolicy } from '../src/domain/policy.js'
import { isLiveSession } from '../src/domain/sessions.js'
import { AccessTokenRequiredError } from './errors.js'

const Uuid = Type.String({ pattern: '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' })

/** The claims of an access token (RFC 9068); nothing of another type gets past. */
const Claims = Type.Object({
  iss: Type.String(),
  aud: Type.String(),
  sub: Uuid,
  sid: Uuid,
  iat: Type.Integer(),
  exp: Type.Integer(),
  jti: Type.String(),
  roles: Type.Array(Type.String()),
  permissions: Type.Array(Type.String()),
  outlet: Type.Optional(Type.String())
})

type AccessClaims = Static<typeof Claims>

const claimsCheck = TypeCompiler.Compile(Claims)

/** Who a request's access token speaks for. */
export interface Principal {
  accountId: string
  sessionId: string
}

declare module 'fastify' {
  interface FastifyInstance {
    accessTokens: {
      /** @returns a signed access token for what a session entitles to; it never outlives the session */
      issue: (grant: Grant) => string
      /**
       * Reads the request's bearer token.
       * @throws AccessTokenRequiredError without one; AuthError `invalid_access_token` for one that is not good here
       */
      verify: (request: FastifyRequest) => Promise<Principal>
    }
    /** A hook: from here on, signed in. */
    authenticate: (request: FastifyRequest) => Promise<void>
  }
  interface FastifyRequest {
    /** set by `authenticate` */
    principal: Principal
  }
}

const TYPE = 'at+jwt'

/**
 * One contract's access tokens: JWTs of their own type, for this audience, from this issuer, by a key of ours.
 * Whatever else arrives is refused alike; why stands in the log.
 */
export default fp<{ policy: ContractPolicy }>(async (app, { policy }) => {
  const { current, byId } = app.keys
  const sign = createSigner({ key: current.privateKey, algorithm: current.algorithm, kid: current.kid, header: { typ: TYPE, alg: current.algorithm } })

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
    verify: { algorithms: [current.algorithm], checkTyp: TYPE, ignoreExpiration: true, ignoreNotBefore: true }
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

  app.decorate('accessTokens', {
    issue: grant => sign(claimsOf(grant, policy, app.publicUrl(), app.clock())),
    verify
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

function claimsOf (grant: Grant, policy: ContractPolicy, issuer: string, now: Date): AccessClaims {
  const issuedAt = Math.floor(now.getTime() / 1000)
  return {
    iss: issuer,
    aud: policy.name,
    sub: grant.accountId,
    sid: grant.sessionId,
    iat: issuedAt,
    exp: Math.min(issuedAt + policy.accessLifetime, Math.floor(grant.expiresAt.getTime() / 1000)),
    jti: randomUUID(),
    roles: grant.roles.map(role => role.name),
    permissions: [...new Set(grant.roles.flatMap(role => role.permissions))],
    ...grant.outletId === null ? {} : { outlet: grant.outletId }
  }
}
