import fp from 'fastify-plugin'
import { createReferenceSigner, type ReferenceSigner } from '../src/domain/signed-reference.js'
import { loadSigningKeys, type SigningKey } from '../src/domain/signing-keys.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** signs and reads refresh, verification and reset tokens */
    references: ReferenceSigner
    keys: {
      /** the key that signs access tokens now */
      current: SigningKey
      /** every key whose signatures are accepted, by kid */
      byId: ReadonlyMap<string, SigningKey>
    }
  }
}

/** What signs tokens: the references' keys, derived from the secrets, and the access tokens' key pairs, kept in the database. */
export default fp<{ secrets: readonly [string, ...string[]] }>(async (app, { secrets }) => {
  const keys = await loadSigningKeys(app.db, secrets, app.clock())
  app.decorate('references', createReferenceSigner(secrets))
  app.decorate('keys', { current: keys[0], byId: new Map(keys.map(key => [key.kid, key])) })
}, { name: 'keys', dependencies: ['clock', 'database'] })
