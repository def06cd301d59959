import { setTimeout as delay } from 'node:timers/promises'
import fp from 'fastify-plugin'
import { readInstallation } from '../db/installation.js'
import type { RedisConnection } from './redis-connection.js'
import type { RedisScript } from './redis-script.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** undefined without REDIS_URL */
    redis: Redis | undefined
  }
}

/** A Redis that instances share. Nothing may depend on it: it may be away at any time, and what it says may be anyone's. */
export interface Redis {
  /** @returns whether it answers, as far as is known */
  isThere: () => boolean
  /** @returns the name of a key or channel, apart from those of every other installation */
  name: (...parts: string[]) => string
  /**
   * Runs a script. Nothing waits for a Redis that is known to be away.
   *
   * @throws RedisAwayError, or ErrorReply when Redis refuses the script
   */
  run: (script: RedisScript, keys: string[], args: string[]) => Promise<unknown>
  /** Listens on a channel, and again after each lost connection: what was said in between is missed. */
  subscribe: (channel: string, listener: (message: string) => void) => void
}

/** The longest pause between two attempts to reach it, in milliseconds. */
const LONGEST_PAUSE = 1000

/** A connection that held for so many milliseconds was no accident: the pauses begin anew. */
const STEADY = 5000

/** The connection to Redis, which finds its way back after it was lost; a start without it goes on. */
export default fp<{ url: string | undefined }>(async (app, { url }) => {
  if (url === undefined) {
    app.decorate('redis', undefined)
    return
  }
  // Only where it is wanted: the client takes 18 MB and a tenth of a second to load.
  const { openRedis, RedisAwayError, redisFailure } = await import('./redis-connection.js')
  const installation = await readInstallation(app.db)
  const name = (...parts: string[]) => ['kunci', installation, ...parts].join(':')
  const channels = new Map<string, (message: string) => void>()
  const ending = new AbortController()
  let connection: RedisConnection | undefined
  let isAway = false

  function tellAway (reason: string): void {
    if (isAway || ending.signal.aborted) return
    isAway = true
    app.log.warn({ redis: reason }, 'Redis is away: this instance counts by itself, and hears of revocations from the database alone')
  }

  /** @returns why the connection has ended, or could not be had */
  async function connectOnce (url: string, onOutcome: () => void): Promise<string> {
    let opened: RedisConnection | undefined
    try {
      opened = await openRedis(url, name('probe'))
      connection = opened
      await Promise.all(Array.from(channels, async ([channel, listener]) => { await opened?.subscribe(channel, listener) }))
      if (isAway) app.log.info('Redis is back')
      isAway = false
      onOutcome()
      return await opened.lost
    } catch (error) {
      return redisFailure(error)
    } finally {
      connection = undefined
      opened?.close()
    }
  }

  async function keepConnected (url: string, onOutcome: () => void): Promise<void> {
    for (let attempt = 0; !ending.signal.aborted; attempt++) {
      const began = performance.now()
      tellAway(await connectOnce(url, onOutcome))
      onOutcome()
      if (performance.now() - began > STEADY) attempt = 0
      await delay(Math.min(50 * 2 ** attempt, LONGEST_PAUSE), undefined, { signal: ending.signal }).catch(() => {})
    }
  }

  let keeping: Promise<void> | undefined
  await new Promise<void>(resolve => { keeping = keepConnected(url, resolve) })
  app.addHook('onClose', async () => {
    ending.abort()
    connection?.close()
    await keeping
  })

  app.decorate('redis', {
    isThere: () => connection !== undefined,
    name,
    async run (script, keys, args) {
      if (connection === undefined) throw new RedisAwayError()
      return await connection.run(script, keys, args)
    },
    subscribe (channel, listener) {
      channels.set(channel, listener)
      // A failure ends the connection, and the next one tries it again.
      connection?.subscribe(channel, listener).catch(() => {})
    }
  })
}, { name: 'redis', dependencies: ['database'] })
