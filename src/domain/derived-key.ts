import { hkdfSync } from 'node:crypto'

/**
 * Derives a key of its own for each use of one secret (HKDF-SHA-256, RFC 5869), so that what is signed for one use
 * is worth nothing for another.
 *
 * @param secret `AUTH_SECRET`, or one of its list
 * @param use names what the key is for
 * @param bytes the key's length
 */
export function deriveKey (secret: string, use: string, bytes: number): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `kunci ${use}`, bytes))
}
