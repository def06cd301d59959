import { AuthError } from './errors.js'
import { isOutdated } from './own-hash.js'
import type { AttemptLimit, AttemptSubject } from './password-attempts.js'

/** Where hashes are made and compared, off the event loop: each takes a core for itself while it lasts. */
export interface HashWork {
  hash: (password: string) => Promise<string>
  /** Without a hash it takes as long and is false. */
  matches: (storedHash: string | null, password: string) => Promise<boolean>
}

export interface PasswordHasher {
  /**
   * Turns away, before anything is looked up for them, who would not be served.
   *
   * @throws AuthError `overloaded` when too many hashes wait already
   */
  requireRoom: () => void
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
 * Hashes passwords, a bounded number at a time: more at once than there are cores is slower for everybody, and a herd of
 * logins must not fill the memory.
 *
 * @param limits `cores`: how many of them hashes may take, as of now; where that is a fraction, a hash is followed by a rest; `queue`: how
 *   many wait for each core, and `patience`: for how many milliseconds one waits, since another system's hash may take fifty times as
 *   long as ours; `attempts`: bounds guessing
 */
export function createPasswordHasher (work: HashWork, limits: { cores: () => number, queue: number, patience: number, attempts: AttemptLimit }): PasswordHasher {
  const waiting: Array<{ since: number, begin: () => void, refuse: (error: AuthError) => void }> = []
  /** Hashes under way, and those whose rest is. */
  let running = 0

  const places = () => Math.ceil(limits.cores())
  const most = () => places() + limits.cores() * limits.queue
  const full = () => new AuthError('overloaded', { reason: 'the queue of password hashes is full' })

  function requireRoom (): void {
    if (running + waiting.length >= most()) throw full()
  }

  async function inTurn<Result> (task: () => Promise<Result>): Promise<Result> {
    requireRoom()
    // Where a place has just come back, those who wait go before whoever comes now.
    if (waiting.length > 0 || running >= places()) {
      await new Promise<void>((resolve, reject) => { waiting.push({ since: performance.now(), begin: resolve, refuse: reject }) })
    } else {
      running++
    }
    const began = performance.now()
    try {
      return await task()
    } finally {
      const rest = (performance.now() - began) * (places() / limits.cores() - 1)
      if (rest > 0) setTimeout(handOn, rest)
      else handOn()
    }
  }

  /**
   * The place is handed to whoever waits longest, but not too long; only when nobody waits, or there are fewer places now, does it become free.
   * Where hashes may take less than before, those who came last would wait too long: they are told so at once.
   */
  function handOn (): void {
    running--
    while (waiting.length > 0 && running + waiting.length > most()) waiting.pop()?.refuse(full())
    while (running < places()) {
      const next = waiting.shift()
      if (next === undefined) return
      if (performance.now() - next.since <= limits.patience) {
        running++
        next.begin()
      } else {
        next.refuse(new AuthError('overloaded', { reason: 'waited too long for a turn at hashing' }))
      }
    }
  }

  async function attempt (subject: AttemptSubject, task: () => Promise<boolean>): Promise<boolean> {
    requireRoom()
    return await limits.attempts.attempt(subject, async () => await inTurn(task))
  }

  return {
    requireRoom,
    hash: async password => await inTurn(async () => await work.hash(password)),
    verify: async (storedHash, password, subject) => await attempt(subject, async () => await work.matches(storedHash, password)),
    verifyAndRenew: async (storedHash, password, subject) => {
      let renewedHash: string | undefined
      const matches = await attempt(subject, async () => {
        const matches = await work.matches(storedHash, password)
        if (matches && storedHash !== null && isOutdated(storedHash)) renewedHash = await work.hash(password)
        return matches
      })
      return { matches, renewedHash }
    }
  }
}
