import { hashSync, verifySync } from '@node-rs/argon2'
import { readForeignHash } from './foreign-hashes.js'
import { isOwnHash, parameters } from './own-hash.js'
import { isOverlong, normalisePassword } from './password-rules.js'

/**
 * Hashes in the thread that asks, which does nothing else meanwhile: a server asks `PasswordHasher`.
 *
 * @param password as it was typed
 * @returns the hash as a PHC string
 */
export function hashPassword (password: string): string {
  return hashSync(normalisePassword(password), parameters)
}

/**
 * Makes what compares passwords with hashes in the thread that asks: for as long as a hash of ours takes, or one of another
 * system, which is about a second at most.
 *
 * @returns whether a password, as it was typed, is that of a hash; without a hash it takes as long and says no
 */
export function passwordComparison (): (storedHash: string | null, password: string) => boolean {
  const nobodysHash = hashPassword('')
  return (storedHash, password) => {
    const overlong = isOverlong(password)
    const text = overlong ? '' : password
    const isOwn = storedHash !== null && isOwnHash(storedHash)
    const foreign = isOwn || storedHash === null ? undefined : readForeignHash(storedHash)
    // Another system hashed what was typed, letter for letter.
    if (typeof foreign === 'object') return foreign.matches(text) && !overlong
    return verifySync(isOwn ? storedHash : nobodysHash, normalisePassword(text)) && isOwn && !overlong
  }
}
