import { hashSync, verifySync, type Options } from '@node-rs/argon2'
import { readForeignHash } from './foreign-hashes.js'
import { isOverlong, normalisePassword } from './password-rules.js'

/** argon2id with 19 MiB, two passes, one lane: OWASP's first recommendation. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } satisfies Options

/** What our own hashes begin with, and those with the parameters of now. */
const OWN = '$argon2id$'
const CURRENT = `${OWN}v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$`

/**
 * Hashes in the thread that asks, which does nothing else meanwhile: a server asks `PasswordHasher`.
 *
 * @param password as it was typed
 * @returns the hash as a PHC string
 */
export function hashPassword (password: string): string {
  return hashSync(normalisePassword(password), parameters)
}

/** @returns whether a hash is another system's, or has other parameters than ours have now */
export function isOutdated (storedHash: string): boolean {
  return !storedHash.startsWith(CURRENT)
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
    const isOwn = storedHash?.startsWith(OWN) === true
    const foreign = isOwn || storedHash === null ? undefined : readForeignHash(storedHash)
    // Another system hashed what was typed, letter for letter.
    if (typeof foreign === 'object') return foreign.matches(text) && !overlong
    return verifySync(isOwn ? storedHash : nobodysHash, normalisePassword(text)) && isOwn && !overlong
  }
}
