import fastifyJwt from '@fastify/jwt'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { createVerifier } from 'fast-jwt'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { type AccessClaims, AccessClaimsForm, accessHeader } from '../src/domain/access-claims.js'
import { signingAlgorithms } from '../src/domain/signing-algorithms.js'
import { type TokenHolder, type TokenRefusal, TokenRefusedError } from '../src/domain/token-refusal.js'
import { createVerifiedTokens } from '../src/domain/verified-tokens.js'
import { AccessTokenRequiredError } from './errors.js'

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Reads a request's bearer token, of whatever contract.
     * @throws AccessTokenRequiredError without one; TokenRefusedError (`invalid_access_token`) for one that is not good;
     *   RevocationsStaleError when nobody can tell
     */
    verifyAccessToken: (request: FastifyRequest) => Promise<Readonly<AccessClaims>>
    /** @returns the refusal of an access token of ours that was sent as another kind of token; undefined for anything else */
    misplacedAccessToken: (text: string) => Promise<TokenRefusal | undefined>
  }
}

const form = TypeCompiler.Compile(AccessClaimsForm)
const { typ } = accessHeader({ algorithm: '', keyId: '' })

/** About 15 MB of tokens at the most, used lately. */
const MOST_REMEMBERED = 10_000

/**
 * Verifies access tokens: JWTs of their own type, from this issuer, by a key of ours and its algorithm, neither expired nor
 * revoked. Whatever else arrives is refused alike; why stands in the log.
 */
export default fp(async app => {
  /** A key is looked up by its id among our own; what else the header says of keys counts for nothing. */
  function publicKey ({ kid, alg }: { kid?: unknown, alg?: unknown }): string | TokenRefusedError {
    const key = typeof kid === 'string' ? app.keys.find(kid) : undefined
    if (key === undefined) return malformed('unknown key')
    return key.algorithm === alg ? key.publicKey : malformed('the algorithm of another key')
  }

  // The library's clock is not the application's: expiry is checked below.
  const rules = { algorithms: [...signingAlgorithms], checkTyp: typ, ignoreExpiration: true, ignoreNotBefore: true }
  await app.register(fastifyJwt, {
    // Only verification; the library's types know this form for a secret alone, not for a public key.
    secret: {
      public: (_request: FastifyRequest, { header }: { header: object }, done: (error: Error | null, key?: string) => void) => {
        const key = publicKey(header)
        if (key instanceof TokenRefusedError) done(key)
        else done(null, key)
      }
    } as never,
    decode: { complete: true },
    verify: rules
  })
  const verifyText: (text: string) => Promise<unknown> = createVerifier({
    ...rules,
    async key ({ header }: { header: object }) {
      const key = publicKey(header)
      if (key instanceof TokenRefusedError) throw key
      return key
    }
  })

  const remembered = createVerifiedTokens(MOST_REMEMBERED)

  async function verifySignature (request: FastifyRequest, authorization: string): Promise<Readonly<AccessClaims>> {
    const [, reference] = /^Bearer ([\w-]+)$/i.exec(authorization) ?? []
    const foreign = reference === undefined ? undefined : app.foreignReference(reference)
    if (foreign !== undefined) throw new TokenRefusedError('access', [foreign])

    requireCanonical(authorization)
    const claims = await authenticClaims(request.jwtVerify())
    remembered.remember(authorization, { claims, keyId: keyIdOf(authorization) })
    return claims
  }

  app.decorate('verifyAccessToken', async request => {
    const { authorization = '' } = request.headers
    const known = remembered.find(authorization)
    const claims = known !== undefined && app.keys.find(known.keyId) !== undefined ? known.claims : await verifySignature(request, authorization)
    if (!app.isIssuer(claims.iss)) throw refused(claims, { reason: 'foreign', detail: 'another issuer' })
    if (claims.exp * 1000 <= app.clock().getTime()) throw refused(claims, { reason: 'expired' })
    const revoked = app.revocations.reasonFor(claims)
    if (revoked !== undefined) throw refused(claims, { reason: 'revoked', detail: revoked === 'revoked' ? undefined : revoked })
    return claims
  })

  app.decorate('misplacedAccessToken', async text => {
    // Only what is a JWT by its looks is worth the look.
    if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) return undefined
    try {
      requireCanonical(`Bearer ${text}`)
      const claims = await authenticClaims(verifyText(text))
      return { reason: 'foreign', detail: 'access token', holder: holderOf(claims) }
    } catch (error) {
      if (error instanceof TokenRefusedError) return undefined
      throw error
    }
  })
}, { name: 'token-verifier', dependencies: ['clock', 'foreign-references', 'keys', 'public-url', 'revocations'] })

async function authenticClaims (verified: Promise<unknown>): Promise<AccessClaims> {
  try {
    const claims = await verified
    if (form.Check(claims)) return claims
  } catch (error) {
    if (error instanceof TokenRefusedError) throw error
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'malformed'
    if (code === 'FST_JWT_NO_AUTHORIZATION_IN_HEADER') throw new AccessTokenRequiredError()
    // Every other failure of the library is the token's, however it names it.
    throw malformed(code)
  }
  throw malformed('claims of another form')
}

/** Decoding is lenient about the last bits; a token has one spelling (RFC 4648, section 3.5). */
function requireCanonical (authorization: string): void {
  const [, signature] = /^Bearer [^.]+\.[^.]+\.([\w-]+)$/i.exec(authorization) ?? []
  if (signature !== undefined && Buffer.from(signature, 'base64url').toString('base64url') !== signature) throw malformed('not canonical base64url')
}

/** @param authorization with a token that was verified by a key of that id */
function keyIdOf (authorization: string): string {
  const [header = ''] = authorization.slice('Bearer '.length).split('.')
  return (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }).kid
}

function holderOf ({ sub, sid, aud }: Readonly<AccessClaims>): TokenHolder {
  return { accountId: sub, sessionId: sid, contract: aud }
}

/** @returns the refusal of an access token that was signed here */
export function refused (claims: Readonly<AccessClaims>, refusal: TokenRefusal): TokenRefusedError {
  return new TokenRefusedError('access', [{ ...refusal, holder: holderOf(claims) }])
}

function malformed (detail: string): TokenRefusedError {
  return new TokenRefusedError('access', [{ reason: 'malformed', detail }])
}
