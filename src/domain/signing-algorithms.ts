import { generateKeyPair, type KeyPairKeyObjectResult } from 'node:crypto'
import { promisify } from 'node:util'

/** How access tokens may be signed (RFC 7518, RFC 8037). ES256 is verified everywhere and signs fast. */
export const signingAlgorithms = ['ES256', 'RS256', 'EdDSA'] as const
export type SigningAlgorithm = typeof signingAlgorithms[number]

const generate = promisify(generateKeyPair)

const pairs: Record<SigningAlgorithm, () => Promise<KeyPairKeyObjectResult>> = {
  ES256: async () => await generate('ec', { namedCurve: 'P-256' }),
  RS256: async () => await generate('rsa', { modulusLength: 2048 }),
  EdDSA: async () => await generate('ed25519')
}

/** @returns a new key pair for an algorithm, both parts as PEM text */
export async function generateKeyPairFor (algorithm: SigningAlgorithm): Promise<{ publicKey: string, privateKey: string }> {
  const { publicKey, privateKey } = await pairs[algorithm]()
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  }
}
