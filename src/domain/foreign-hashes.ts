import { readArgon2 } from './foreign-hashes/argon2.js'
import { readBcrypt } from './foreign-hashes/bcrypt.js'
import type { CostlyHash, ForeignHash } from './foreign-hashes/foreign-hash.js'
import { readPbkdf2 } from './foreign-hashes/pbkdf2.js'
import { readScrypt } from './foreign-hashes/scrypt.js'

/** UTF-16 units beyond which no hash is looked for in a text. */
const LONGEST = 1024

/** Why a text is not taken as a hash: its encoding is not known, or it is too costly. */
export type HashRefusal = 'hash_encoding' | CostlyHash

/**
 * Reads a password's hash as another system wrote it: bcrypt, Argon2, scrypt or PBKDF2.
 *
 * @param text such as `$2b$12$…`; docs/import.md lists the encodings
 * @returns the hash, or why it is not taken
 */
export function readForeignHash (text: string): ForeignHash | HashRefusal {
  if (text.length > LONGEST) return 'hash_encoding'
  return readBcrypt(text) ?? readArgon2(text) ?? readScrypt(text) ?? readPbkdf2(text) ?? 'hash_encoding'
}
