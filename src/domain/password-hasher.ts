import { hash, verify, type Options } from '@node-rs/argon2'
import { AuthError } from './errors.js'
import type { AttemptLimit, AttemptSubject } from './password-attempts.js'
import { isOverlong, normalisePassword } from './password-rules.js'

/** argon2id with 19 MiB, two passes, one lane: OWASP's first recommendation. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } satisfies Options

/**
 * Hashes at once, for what runs beside no server.
 *
 * @param password as it was typed
 * @returns the hash as a PHC string
 */
export async function hashPassword (password: string): Promise<string> {
  return await hash(normalisePassword(password), parameters)
}

export interface PasswordHasher {
  /**
   * @param password as it was typed
   * @returns the hash as a PHC string
   * @throws AuthError `overloaded` when too many hashes wait already
   */
  hash: (password: string) => Promise<string>
  /**
   * Compares a password with a hash. Without a hash it takes as long and is false, so that time does not tell whether
   * an account exists.
   *
   * @param subject for whom it is tried
   * @throws AuthError `too_many_attempts` when the subject has no failure left, `overloaded` when too many hashes wait already
   */
  verify: (storedHash: string | null, password: string, subject: AttemptSubject) => Promise<boolean>
}

/**
 * Hashes passwords off the event loop, a bounded number at a time: more at once than there are cores is slower for
 * everybody, and a herd of logins must not fill the memory.
 *
 * @param limits `concurrency`: hashes at a time; `queue`: how many more may wait for their turn; `attempts`: bounds guessing
 */
export async function createPasswordHasher (limits: { concurrency: number, queue: number, attempts: AttemptLimit }): Promise<PasswordHasher> {
  const nobodysHash = await hash('', parameters)
  const waiting: Array<() => void> = []
  let running = 0

  async function inTurn<Result> (work: () => Promise<Result>): Promise<Result> {
    if (running >= limits.concurrency) {
      if (waiting.length >= limits.queue) throw new AuthError('overloaded', { reason: 'the queue of password hashes is full' })
      await new Promise<void>(resolve => { waiting.push(resolve) })
    } else {
      running++
    }
    try {
      return await work()
    } finally {
      // The place is handed to whoever waits longest; only when nobody waits does it become free.
      const next = waiting.shift()
      if (next !== undefined) next()
      else running--
    }
  }

  return {
    hash: async password => await inTurn(async () => await hashPassword(password)),
    verify: async (storedHash, password, subject) => await limits.attempts.attempt(subject, async () => await inTurn(async () => {
      const overlong = isOverlong(password)
      const matches = await verify(storedHash ?? nobodysHash, overlong ? '' : normalisePassword(password))
      return matches && storedHash !== null && !overlong
    }))
  }
}
