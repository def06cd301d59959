import { createCipheriv, createDecipheriv, generateKeyPair, randomBytes, randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { desc, sql } from 'drizzle-orm'
import type { Database } from '../../db/client.js'
import { signingKeys } from '../../db/schema/signing-keys.js'
import { deriveKey } from './derived-key.js'

/** A key that signs access tokens, both parts as PEM text. */
export interface SigningKey {
  kid: string
  algorithm: 'ES256'
  publicKey: string
  privateKey: string
}

/** One number for all instances: of several that start on an empty database, one makes the first key. */
const KEY_LOCK = 4_867_250_002

const IV_BYTES = 12
const TAG_BYTES = 16

/** Thrown when none of the secrets opens the stored signing keys. */
export class SigningKeysLockedError extends Error {
  constructor () {
    super('AUTH_SECRET opens none of the stored signing keys: give the secret that this database was set up with (a comma-separated list may hold old and new)')
    this.name = 'SigningKeysLockedError'
  }
}

/**
 * Loads the signing keys, newest first, and makes one where there is none.
 *
 * @param secrets the first encrypts, each is tried for opening
 * @throws SigningKeysLockedError when there are keys and no secret opens any
 */
export async function loadSigningKeys (db: Database, secrets: readonly [string, ...string[]], now: Date): Promise<[SigningKey, ...SigningKey[]]> {
  return await db.transaction(async tx => {
    await tx.execute(sql`select pg_advisory_xact_lock(${KEY_LOCK})`)
    const stored = await tx.select().from(signingKeys).orderBy(desc(signingKeys.createdAt), desc(signingKeys.kid))
    if (stored.length === 0) {
      const key = await generateSigningKey()
      await tx.insert(signingKeys).values({ kid: key.kid, algorithm: key.algorithm, publicKey: key.publicKey, encryptedPrivateKey: encrypt(key, secrets[0]), createdAt: now })
      return [key]
    }
    const [newest, ...older] = stored.flatMap(row => {
      const privateKey = decrypt(row.encryptedPrivateKey, row.kid, secrets)
      return privateKey === undefined ? [] : [{ kid: row.kid, algorithm: 'ES256' as const, publicKey: row.publicKey, privateKey }]
    })
    if (newest === undefined) throw new SigningKeysLockedError()
    return [newest, ...older]
  })
}

async function generateSigningKey (): Promise<SigningKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' }
  })
  return { kid: randomUUID(), algorithm: 'ES256', publicKey, privateKey }
}

/** AES-256-GCM; the key's id is bound in, so that no row can be passed off as another. */
function encrypt (key: SigningKey, secret: string): Buffer {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', encryptionKey(secret), iv).setAAD(Buffer.from(key.kid))
  const text = Buffer.concat([cipher.update(key.privateKey), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), text])
}

function decrypt (sealed: Buffer, kid: string, secrets: readonly string[]): string | undefined {
  for (const secret of secrets) {
    const decipher = createDecipheriv('aes-256-gcm', encryptionKey(secret), sealed.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(kid)).setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    try {
      return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString()
    } catch {
      // Sealed with another secret of the list, or with none of them.
    }
  }
  return undefined
}

function encryptionKey (secret: string): Buffer {
  return deriveKey(secret, 'signing keys at rest', 32)
}
