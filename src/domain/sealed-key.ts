import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { deriveKey } from './derived-key.js'

const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Encrypts a private key (AES-256-GCM); its id is bound in, so that no row can be passed off as another.
 *
 * @param secret `AUTH_SECRET`, or the first of its list
 */
export function sealKey (privateKey: string, kid: string, secret: string): Buffer {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', encryptionKey(secret), iv).setAAD(Buffer.from(kid))
  const text = Buffer.concat([cipher.update(privateKey), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), text])
}

/** @returns the private key, undefined when none of the secrets opens it */
export function openKey (sealed: Buffer, kid: string, secrets: readonly string[]): string | undefined {
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
