import { hash, verify, type Options } from '@node-rs/argon2'
import { AuthError } from './errors.js'
import { readForeignHash } from './foreign-hashes.js'
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

/** What our own hashes begin with, and those with the parameters of now. */
const OWN = '$argon2id$'
const CURRENT = `${OWN}v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$`

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
  /**
   * Like `verify`. A right password is hashed anew, in the same turn, where the stored hash is another system's or has other
   * parameters than ours have now.
   *
   * @returns `renewedHash`: what to store instead of the one that was compared; undefined where that is as it should be
   */
  verifyAndRenew: (storedHash: string | null, password: string, subject: AttemptSubject) => Promise<{ matches: boolean, renewedHash: string | undefined }>
}

/**
 * Hashes passwords off the event loop, a bounded number at a time: more at once than there are cores is slower for
 * everybody, and a herd of logins must not fill the memory.
 *
 * @param limits `concurrency`: hashes at a time; `queue`: how many more may wait for their turn, and `patience`: for how many
 *   milliseconds, since another system's hash may take fifty times as long as ours; `attempts`: bounds guessing
 */
export async function createPasswordHasher (limits: { concurrency: number, queue: number, patience: number, attempts: AttemptLimit }): Promise<PasswordHasher> {
  const nobodysHash = await hash('', parameters)
  const waiting: Array<{ since: number, begin: () => void, refuse: (error: AuthError) => void }> = []
  let running = 0

  async function inTurn<Result> (work: () => Promise<Result>): Promise<Result> {
    if (running >= limits.concurrency) {
      if (waiting.length >= limits.queue) throw new AuthError('overloaded', { reason: 'the queue of password hashes is full' })
      await new Promise<void>((resolve, reject) => { waiting.push({ since: performance.now(), begin: resolve, refuse: reject }) })
    } else {
      running++
    }
    try {
      return await work()
    } finally {
      handOn()
    }
  }

  /** The place is handed to whoever waits longest, but not too long; only when nobody waits does it become free. */
  function handOn (): void {
    const next = waiting.shift()
    if (next === undefined) running--
    else if (performance.now() - next.since <= limits.patience) next.begin()
    else {
      next.refuse(new AuthError('overloaded', { reason: 'waited too long for a turn at hashing' }))
      handOn()
    }
  }

  async function compare (storedHash: string | null, password: string): Promise<boolean> {
    const overlong = isOverlong(password)
    const text = overlong ? '' : password
    const isOwn = storedHash?.startsWith(OWN) === true
    const foreign = isOwn || storedHash === null ? undefined : readForeignHash(storedHash)
    // Another system hashed what was typed, letter for letter.
    if (typeof foreign === 'object') return await foreign.matches(text) && !overlong
    const matches = await verify(isOwn ? storedHash : nobodysHash, normalisePassword(text))
    return matches && isOwn && !overlong
  }

  return {
    hash: async password => await inTurn(async () => await hashPassword(password)),
    verify: async (storedHash, password, subject) => await limits.attempts.attempt(subject, async () => await inTurn(async () => await compare(storedHash, password))),
    verifyAndRenew: async (storedHash, password, subject) => {
      let renewedHash: string | undefined
      const matches = await limits.attempts.attempt(subject, async () => await inTurn(async () => {
        const matches = await compare(storedHash, password)
        if (matches && storedHash?.startsWith(CURRENT) === false) renewedHash = await hashPassword(password)
        return matches
      }))
      return { matches, renewedHash }
    }
  }
}
