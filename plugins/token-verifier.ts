import fastifyJwt from '@fastify/jwt'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type AccessClaims, AccessClaimsForm, accessHeader } from '../src/domain/access-claims.js'
import { AuthError } from '../src/domain/errors.js'
import { signingAlgorithms } from '../src/domain/signing-algorithms.js'
import { AccessTokenRequiredError } from './errors.js'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Reads a request's bearer token, of whatever contract.
     * @throws AccessTokenRequiredError without one; AuthError `invalid_access_token` for one that is not good;
     *   RevocationsStaleError when nobody can tell
     */
    verifyAccessToken: (request: FastifyRequest) => Promise<AccessClaims>
  }
}

const form = TypeCompiler.Compile(AccessClaimsForm)
const { typ } = accessHeader({ algorithm: '', keyId: '' })

/**
 * Verifies access tokens: JWTs of their own type, from this issuer, by a key of ours and its algorithm, neither expired nor
 * revoked. Whatever else arrives is refused alike; why stands in the log.
 */
export default fp(async app => {
  await app.register(fastifyJwt, {
    // Only verification: a key is looked up by its id among our own; what else the header says of keys counts for nothing.
    secret: {
      public: (_request: FastifyRequest, token: { header: { kid?: unknown, alg?: unknown } }, done: (error: Error | null, key?: string) => void) => {
        const { kid, alg } = token.header
        const key = typeof kid === 'string' ? app.keys.find(kid) : undefined
        if (key === undefined) done(refused('unknown key'))
        else if (key.algorithm !== alg) done(refused('the algorithm of another key'))
        else done(null, key.publicKey)
      }
    // The library's types know this form for a secret alone, not for a public key.
    } as never,
    decode: { complete: true },
    // The library's clock is not the application's: expiry is checked below.
    verify: { algorithms: [...signingAlgorithms], checkTyp: typ, ignoreExpiration: true, ignoreNotBefore: true }
  })

  app.decorate('verifyAccessToken', async request => {
    const claims = await verifiedPayload(request)
    if (!form.Check(claims)) throw refused('claims of another form')
    if (!app.isIssuer(claims.iss)) throw refused('foreign issuer')
    if (claims.exp * 1000 <= app.clock().getTime()) throw refused('expired')
    const reason = app.revocations.reasonFor(claims)
    if (reason !== undefined) throw refused(reason)
    return claims
  })
}, { name: 'token-verifier', dependencies: ['clock', 'keys', 'public-url', 'revocations'] })

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
