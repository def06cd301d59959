import { timingSafeEqual } from 'node:crypto'

/** A password's hash that another system made. */
export interface ForeignHash {
  /** the text to store for it, which no hash of our own can be taken for */
  stored: string
  /**
   * Compares a password as it was typed, in constant time but for the work itself: at most about a second of the thread that
   * asks, and 256 MiB.
   */
  matches: (password: string) => boolean
}

/** A hash that would take more work at each sign-in than is given to one, by its scheme. */
export type CostlyHash = 'bcrypt_cost' | 'argon2_cost' | 'scrypt_cost' | 'pbkdf2_cost'

/** @returns the hash, what makes it too costly, or undefined for what is not of the scheme */
export type HashReader = (text: string) => ForeignHash | CostlyHash | undefined

/** KiB that one comparison may take. */
export const MOST_MEMORY = 262_144

/** A hash whose digest is made anew from the password and compared. */
export function digestHash (stored: string, digest: Buffer, derive: (password: string) => Buffer): ForeignHash {
  return { stored, matches: password => timingSafeEqual(derive(password), digest) }
}
