import { createPublicKey } from 'node:crypto'
import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { KEYS_KEPT, type SigningKey } from '../../src/domain/signing-keys.js'

const Jwk = Type.Object({ kty: Type.String(), kid: Type.String(), alg: Type.String(), use: Type.Literal('sig') }, { additionalProperties: Type.String() })
const Keys = Type.Object({ keys: Type.Array(Jwk) })
const Configuration = Type.Object({
  issuer: Type.String({ examples: ['https://auth.example.com'] }),
  jwks_uri: Type.String({ examples: ['https://auth.example.com/.well-known/jwks.json'] }),
  response_types_supported: Type.Array(Type.String()),
  subject_types_supported: Type.Array(Type.String()),
  id_token_signing_alg_values_supported: Type.Array(Type.String())
})

/** For gateways that verify access tokens themselves: the public keys (RFC 7517) and where they are (OpenID Connect Discovery). */
const wellKnown: FastifyPluginAsyncTypebox = async app => {
  app.addHook('onSend', async (_request, reply) => {
    if (reply.statusCode === 200) void reply.header('cache-control', `public, max-age=${KEYS_KEPT}`)
  })

  app.get('/jwks.json', {
    schema: { tags: ['keys'], summary: 'The public keys of access tokens, the next one included', response: { 200: Keys } }
  }, async () => ({ keys: app.keys.all().map(jwkOf) }))

  app.get('/openid-configuration', {
    schema: { tags: ['keys'], summary: 'Who issues access tokens, and where its keys are', response: { 200: Configuration } }
  }, async () => {
    const issuer = app.publicUrl()
    return {
      issuer,
      jwks_uri: `${issuer}/.well-known/jwks.json`,
      response_types_supported: [],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [...new Set(app.keys.all().map(key => key.algorithm))]
    }
  })
}

/** Made once for each key. */
const jwks = new WeakMap<SigningKey, { kty: string, kid: string, alg: string, use: 'sig', [part: string]: string }>()

function jwkOf (key: SigningKey) {
  const known = jwks.get(key)
  if (known !== undefined) return known
  const { kty = '', ...parts } = createPublicKey(key.publicKey).export({ format: 'jwk' }) as Record<string, string>
  const jwk = { kty, ...parts, kid: key.kid, alg: key.algorithm, use: 'sig' } as const
  jwks.set(key, jwk)
  return jwk
}

export default wellKnown
