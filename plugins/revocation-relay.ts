import { randomBytes, randomUUID } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import { setImmediate } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { type Attestation, digestOf, openAttestation, parseRequest, signAttestation } from '../src/domain/attested-heartbeat.js'
import { formatRevocation, parseRevocation } from '../src/domain/revocation-feed.js'
import type { Revocation } from '../src/domain/revocation-list.js'
import type { Redis } from './redis.js'
import { redisScript } from './redis-script.js'

/** What the relay asks of the feed that it serves; moments are those of `performance.now()`. */
export interface RelayedFeed {
  takeIn: (entry: Revocation) => void
  /** @returns the moment before which everything is known */
  completeUntil: () => number
  /** Reads from the database what may have been missed. */
  catchUp: () => Promise<void>
  /** A heartbeat came back that was sent at this moment, and all that was announced before it is known. */
  onHeartbeat: (sentAt: number) => void
}

/** The second way of revocations and heartbeats, by Redis, for instances that do not hear the database. */
export interface RevocationRelay {
  /** The database is listened to from now on; what it said before was missed. */
  onListening: () => void
  /** Passes on what the database announced. */
  onAnnounced: (entry: Revocation) => void
  /** Passes on what was read from the database. */
  pass: (entry: Revocation) => void
  /** Answers another instance that asks, by the database, what it may have missed. */
  onRequest: (payload: string) => void
  /** @returns what this instance asks the others by the database */
  request: (sentAt: number) => string
  /** Lets go of what has become needless. */
  prune: () => void
}

/** Milliseconds that an attestation goes back; whoever was out of touch for longer reads the database. */
const WINDOW = 5000

/** Milliseconds for which an entry counts as told, well above the time in which all instances hear it. */
const TOLD = 60_000

/** Entries in an attestation, entries in one script, and entries that wait for Redis, at most. */
const MOST_ATTESTED = 1000
const BATCH = 100
const MOST_WAITING = 10_000

/** The least time between two warnings of one kind, in milliseconds. */
const QUIET = 60_000

/** Publishes on a channel (ARGV[1]) the messages (from ARGV[3]) whose keys nobody has set in the last milliseconds (ARGV[2]). */
const publishOnce = redisScript(`
for at, key in ipairs(KEYS) do
  if redis.call('SET', key, '', 'NX', 'PX', ARGV[2]) then redis.call('PUBLISH', ARGV[1], ARGV[at + 2]) end
end
`)

const publish = redisScript("return redis.call('PUBLISH', ARGV[1], ARGV[2])")

/**
 * Whoever can write to Redis can make more tokens void and nothing else: entries are only ever added, and a heartbeat that
 * comes back counts only with a signed list of what was announced, all of which must be known here.
 */
export function createRevocationRelay (redis: Redis, log: FastifyBaseLogger, feed: RelayedFeed): RevocationRelay {
  const instance = randomUUID()
  const key = randomBytes(32).toString('base64url')
  const revocations = redis.name('revocations')
  /** when each entry was taken in, by its digest, in this order */
  const known = new Map<string, number>()
  const announced: Array<{ digest: string, at: number }> = []
  let listeningSince = Infinity
  const waiting: Array<{ told: string, message: string }> = []
  let sending: Promise<void> | undefined
  let reading: Promise<void> | undefined
  let warnedAt = -Infinity

  function warn (message: string): void {
    if (performance.now() - warnedAt < QUIET) return
    warnedAt = performance.now()
    log.warn(message)
  }

  function pass (entry: Revocation): void {
    const message = formatRevocation(entry)
    const digest = digestOf(message)
    if (known.has(digest)) return
    known.set(digest, performance.now())
    if (!redis.isThere() || waiting.length >= MOST_WAITING) return
    waiting.push({ told: redis.name('relayed', String(entry.number)), message })
    sending ??= send().finally(() => { sending = undefined })
  }

  async function send (): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, BATCH)
      try {
        await redis.run(publishOnce, batch.map(({ told }) => told), [revocations, String(TOLD), ...batch.map(({ message }) => message)])
      } catch {
        // Whoever misses it sees so in the next attestation, and reads the database.
        waiting.length = 0
      }
    }
  }

  function attest (sentAt: number): Attestation {
    const now = performance.now()
    const entries = announced.filter(({ at }) => now - at <= WINDOW).map(({ digest, at }) => ({ digest, age: now - at }))
    return { sentAt, listening: Math.min(now - listeningSince, WINDOW), entries }
  }

  async function answer (payload: string): Promise<void> {
    const request = parseRequest(payload)
    if (request === undefined) {
      warn('what was asked for is no attestation')
      return
    }
    if (request.instance === instance || !redis.isThere()) return
    // What was heard in the same moment, be it that a connection is new, is dealt with first.
    await setImmediate()
    await sending
    await redis.run(publish, [], [redis.name('heartbeats', request.instance), signAttestation(request.key, attest(request.sentAt))])
  }

  redis.subscribe(revocations, message => {
    const entry = parseRevocation(message)
    if (entry === undefined) {
      warn('what came by Redis is no revocation')
      return
    }
    known.set(digestOf(formatRevocation(entry)), performance.now())
    feed.takeIn(entry)
  })

  redis.subscribe(redis.name('heartbeats', instance), signed => {
    const arrived = performance.now()
    const attestation = openAttestation(key, signed)
    if (attestation === undefined) warn('what came by Redis is no heartbeat of this instance')
    else believe(attestation, arrived).catch(() => { warn('what an attestation names could not be read') })
  })

  async function believe (attestation: Attestation, arrived: number): Promise<void> {
    if (!holds(attestation, arrived)) {
      reading ??= feed.catchUp().finally(() => { reading = undefined })
      await reading
    }
    if (holds(attestation, arrived)) feed.onHeartbeat(attestation.sentAt)
  }

  /** Ages count from when an attestation was written, so that counted from its arrival they make nothing older than it is. */
  function holds ({ listening, entries }: Attestation, arrived: number): boolean {
    const complete = feed.completeUntil()
    return complete >= arrived - listening && entries.every(({ digest, age }) => arrived - age < complete || known.has(digest))
  }

  return {
    onListening () { listeningSince = performance.now() },
    onAnnounced (entry) {
      announced.push({ digest: digestOf(formatRevocation(entry)), at: performance.now() })
      const dropped = announced.length > MOST_ATTESTED ? announced.shift() : undefined
      if (dropped !== undefined) listeningSince = dropped.at
      pass(entry)
    },
    pass,
    onRequest (payload) { answer(payload).catch(() => {}) },
    request: sentAt => JSON.stringify({ instance, key, sentAt }),
    prune () {
      const now = performance.now()
      for (const [digest, at] of known) {
        if (now - at <= TOLD) break
        known.delete(digest)
      }
      while (announced[0] !== undefined && now - announced[0].at > WINDOW) announced.shift()
    }
  }
}
