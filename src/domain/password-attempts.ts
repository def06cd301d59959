import { createHash } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { eq, inArray, sql } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.js'
import { preparedOnce } from '../../db/prepared.js'
import { passwordAttempts } from '../../db/schema/password-attempts.js'
import type { Clock } from './clock.js'
import { AuthError } from './errors.js'

/** Seconds from the first wrong password of an identifier until its failures are forgotten. */
export const ATTEMPT_WINDOW = 15 * 60

/** How often an attempt that waits for others looks again, and how often at most, in milliseconds and times. */
const LOOK_AGAIN = { every: 25, times: 200 }

/** How many devices of one account may use up their failures within the same 15 minutes: further ones have none left. */
const DEVICES_AT_ONCE = 3

/** For whom a password is tried: an identifier as it was sent, an account that is signed in, or a device that an account signed in on before. */
export interface AttemptSubject {
  by: 'email' | 'username' | 'account' | 'device' | 'all devices'
  /** in its normal form; undefined for what can be no identifier, which nobody can guess a password of */
  value: string | undefined
  /** what else it counts for, and needs failures left of */
  among?: AttemptSubject
}

/** Compares passwords so that guessing one is bounded, from however many addresses and on however many instances. */
export interface AttemptLimit {
  /**
   * Does the comparison if the subject has failures left, and counts it when it fails. It counts from its beginning, so that
   * a burst does not pass together; a right one is given back. What is in flight beyond the limit waits for the others.
   *
   * @throws AuthError `too_many_attempts`, `overloaded`, or what `compare` throws
   */
  attempt: (subject: AttemptSubject, compare: () => Promise<boolean>) => Promise<boolean>
}

const takeStatement = preparedOnce(db => {
  const now = sql`${sql.placeholder('now')}::timestamptz`
  const length = sql`make_interval(secs => ${sql.placeholder('window')}::int)`
  // One that lies ahead by its length was begun before the clock was set back.
  const isOver = sql`(${passwordAttempts.startedAt} <= ${now} - ${length} or ${passwordAttempts.startedAt} >= ${now} + ${length})`
  return db.insert(passwordAttempts).values({ key: sql.placeholder('key'), failures: 0, inFlight: 1, startedAt: now })
    .onConflictDoUpdate({
      target: passwordAttempts.key,
      set: {
        failures: sql`case when ${isOver} then 0 else ${passwordAttempts.failures} end`,
        inFlight: sql`case when ${isOver} then 1 else ${passwordAttempts.inFlight} + 1 end`,
        startedAt: sql`case when ${isOver} then ${now} else ${passwordAttempts.startedAt} end`
      },
      setWhere: sql`${isOver} or ${passwordAttempts.failures} + ${passwordAttempts.inFlight} < ${sql.placeholder('limit')}::int`
    })
    .returning({ startedAt: passwordAttempts.startedAt }).prepare('take_password_attempt')
})

const settleStatement = preparedOnce(db => db.update(passwordAttempts)
  .set({ inFlight: sql`greatest(${passwordAttempts.inFlight} - 1, 0)`, failures: sql`${passwordAttempts.failures} + ${sql.placeholder('failed')}::int` })
  .where(sql`${passwordAttempts.key} = ${sql.placeholder('key')} and ${passwordAttempts.startedAt} = ${sql.placeholder('startedAt')}::timestamptz`)
  .prepare('settle_password_attempt'))

/** @param limit wrong passwords that one identifier may have in 15 minutes; undefined for no limit */
export function createAttemptLimit (db: Database, clock: Clock, limit: number | undefined): AttemptLimit {
  async function take (key: string, limit: number): Promise<Date> {
    for (let times = 0; times < LOOK_AGAIN.times; times++) {
      const now = clock()
      const [taken] = await takeStatement(db).execute({ key, limit, now: now.toISOString(), window: ATTEMPT_WINDOW })
      if (taken !== undefined) return taken.startedAt
      const [standing] = await db.select().from(passwordAttempts).where(eq(passwordAttempts.key, key))
      if (standing !== undefined && standing.failures >= limit) throw refused(standing.startedAt, now)
      await delay(LOOK_AGAIN.every)
    }
    throw new AuthError('overloaded', { reason: 'too many attempts of one identifier at once' })
  }

  async function attempt (subject: AttemptSubject, compare: () => Promise<boolean>): Promise<boolean> {
    const { by, value, among } = subject
    if (limit === undefined || value === undefined) return await compare()
    const key = keyOf(subject)
    const startedAt = await take(key, by === 'all devices' ? limit * DEVICES_AT_ONCE : limit)
    // An attempt that ends in an error, such as a full queue, tells nothing about the password.
    let failed = 0
    try {
      const matches = among === undefined ? await compare() : await attempt(among, compare)
      failed = matches ? 0 : 1
      return matches
    } finally {
      await settleStatement(db).execute({ key, failed, startedAt: startedAt.toISOString() })
    }
  }

  return { attempt }
}

function refused (startedAt: Date, now: Date): AuthError {
  const seconds = Math.max(1, Math.ceil((startedAt.getTime() - now.getTime()) / 1000) + ATTEMPT_WINDOW)
  return new AuthError('too_many_attempts', { reason: 'too many wrong passwords', retryAfter: seconds })
}

/** Forgets what was counted: whoever proved an account's address chose a new password. */
export async function forgetAttempts (db: Executor, subjects: readonly AttemptSubject[]): Promise<void> {
  await db.delete(passwordAttempts).where(inArray(passwordAttempts.key, subjects.map(keyOf)))
}

function keyOf ({ by, value }: AttemptSubject): string {
  return createHash('sha256').update(`${by} ${value ?? ''}`).digest('base64url')
}
