import fp from 'fastify-plugin'
import { databaseFailure } from '../db/failure.js'
import { createReferenceSigner, type ReferenceSigner } from '../src/domain/signed-reference.js'
import { currentKey, expiredKeys, keepSigningKeys, type KeyPlan, removeSigningKeys, type Secrets, type SigningKey } from '../src/domain/signing-keys.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** signs and reads refresh, verification and reset tokens */
    references: ReferenceSigner
    keys: {
      /** @returns the key that signs access tokens now */
      current: () => SigningKey
      /** @returns the key of that id whose signatures are accepted, undefined for any other */
      find: (kid: string) => SigningKey | undefined
      /** @returns every key whose signatures are or will be accepted, in the order in which they sign */
      all: () => readonly SigningKey[]
      /** Reads the keys anew, and makes the next where it is due. It happens by itself every three seconds. */
      reload: () => Promise<void>
    }
  }
}

export interface KeysOptions {
  secrets: Secrets
  plan: KeyPlan
  /** seconds that the longest-lived access token lives, of all contracts that can be served on this database */
  longestLifetime: number
}

/** Another instance's key is known here well before it signs. */
const EVERY = 3000

/** What signs tokens: the references' keys, derived from the secrets, and the access tokens' key pairs, kept in the database. */
export default fp<KeysOptions>(async (app, { secrets, plan, longestLifetime }) => {
  let keys: readonly SigningKey[] = []
  // A key of the same name is looked for among our own alone: a flood of unknown ones reaches no database.
  let byId = new Map<string, SigningKey>()

  async function reload (): Promise<void> {
    const now = app.clock()
    const stored = await keepSigningKeys(app.db, secrets, plan, now)
    const expired = expiredKeys(stored, longestLifetime, now)
    await removeSigningKeys(app.db, expired.map(key => key.kid))
    // A key that is known stays the same object: what is made of it is made once.
    keys = stored.filter(key => !expired.includes(key)).map(key => byId.get(key.kid) ?? key)
    byId = new Map(keys.map(key => [key.kid, key]))
  }

  await reload()
  const timer = setInterval(() => {
    reload().catch((error: unknown) => { app.log.warn({ database: databaseFailure(error)?.code }, 'the signing keys could not be read') })
  }, EVERY).unref()
  app.addHook('onClose', async () => { clearInterval(timer) })

  app.decorate('references', createReferenceSigner(secrets))
  app.decorate('keys', {
    current () {
      // A clock that went back leaves the oldest key.
      const key = currentKey(keys, app.clock()) ?? keys[0]
      if (key === undefined) throw new Error('there is no signing key')
      return key
    },
    find: kid => byId.get(kid),
    all: () => keys,
    reload
  })
}, { name: 'keys', dependencies: ['clock', 'database'] })
