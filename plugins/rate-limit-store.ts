import type { FastifyRateLimitStore } from '@fastify/rate-limit'
import type { Clock } from '../src/domain/clock.js'
import type { Redis } from './redis.js'
import { redisScript } from './redis-script.js'

/** The most clients that are remembered at once; about 10 MB. */
const MOST_CLIENTS = 50_000

interface Window {
  count: number
  /** milliseconds since 1970, by the application's clock */
  startedAt: number
}

/**
 * Counts one request in the client's window (KEYS[1]), which begins with the first. ARGV: the time and the window's
 * length, in milliseconds. A window that begins too far ahead is another clock's mistake, and begins anew.
 */
const countRequest = redisScript(`
local now, length = tonumber(ARGV[1]), tonumber(ARGV[2])
local startedAt = tonumber(redis.call('HGET', KEYS[1], 'startedAt'))
if not startedAt or math.abs(now - startedAt) >= length then
  startedAt = now
  redis.call('DEL', KEYS[1])
  redis.call('HSET', KEYS[1], 'startedAt', ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return { redis.call('HINCRBY', KEYS[1], 'count', 1), startedAt }
`)

/**
 * Counts requests in fixed windows by the application's clock, in memory and, where there is one, in the Redis that
 * instances share; the larger count binds. What Redis said is remembered, so that nobody begins anew when it goes away.
 * (The library's own store hands one mutable object to all requests of a burst, so that each of them sees the whole
 * burst's count.)
 *
 * @returns the store's class, as the library wants it
 */
export function limitStore (clock: Clock, redis: Redis | undefined): new () => FastifyRateLimitStore {
  return class LimitStore implements FastifyRateLimitStore {
    readonly #windows = new Map<string, Window>()

    incr (key: string, done: (error: Error | null, result?: { current: number, ttl: number }) => void, length = 60_000, max = Infinity): void {
      const now = clock().getTime()
      const answer = ({ count, startedAt }: Window) => { done(null, { current: count, ttl: Math.min(startedAt + length - now, length) }) }
      const own = this.#count(key, now, length)
      // Who is over the limit here is over it anyway.
      if (redis === undefined || !redis.isThere() || own.count > max) {
        answer(own)
        return
      }
      countTogether(redis, key, now, length).then(shared => {
        this.#learn(key, shared, length)
        answer(shared.count < own.count ? own : shared)
      }, () => { answer(own) })
    }

    child (): FastifyRateLimitStore {
      return new LimitStore()
    }

    /** @returns the window as it is with this request, which later ones don't change; one that lies ahead by its length was begun before the clock was set back */
    #count (key: string, now: number, length: number): Window {
      const known = this.#windows.get(key)
      const { count, startedAt } = known !== undefined && Math.abs(now - known.startedAt) < length ? known : { count: 0, startedAt: now }
      const window = { count: count + 1, startedAt }
      // Set anew, the key stands last: what stands first is what was quiet for longest.
      this.#windows.delete(key)
      this.#windows.set(key, window)
      if (this.#windows.size > MOST_CLIENTS) this.#forgetQuietest()
      return window
    }

    #learn (key: string, shared: Window, length: number): void {
      const known = this.#windows.get(key)
      if (known === undefined || Math.abs(clock().getTime() - shared.startedAt) >= length) return
      this.#windows.set(key, { count: Math.max(known.count, shared.count), startedAt: Math.min(known.startedAt, shared.startedAt) })
    }

    #forgetQuietest (): void {
      const [quietest] = this.#windows.keys()
      if (quietest !== undefined) this.#windows.delete(quietest)
    }
  }
}

/** @throws whatever keeps Redis from counting */
async function countTogether (redis: Redis, key: string, now: number, length: number): Promise<Window> {
  const counted = await redis.run(countRequest, [redis.name('limit', key)], [String(now), String(length)])
  const [count, startedAt] = Array.isArray(counted) ? counted : []
  if (!Number.isSafeInteger(count) || !Number.isSafeInteger(startedAt)) throw new Error('Redis answers something else')
  return { count, startedAt }
}
