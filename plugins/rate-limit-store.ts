import type { FastifyRateLimitStore } from '@fastify/rate-limit'
import type { Clock } from '../src/domain/clock.js'

/** The most clients that are remembered at once; about 10 MB. */
const MOST_CLIENTS = 50_000

interface Window {
  count: number
  startedAt: number
}

/**
 * Counts requests in fixed windows, in memory and by the application's clock. (The library's own store hands one
 * mutable object to all requests of a burst, so that each of them sees the whole burst's count.)
 *
 * @returns the store's class, as the library wants it
 */
export function memoryStore (clock: Clock): new () => FastifyRateLimitStore {
  return class MemoryStore implements FastifyRateLimitStore {
    readonly #windows = new Map<string, Window>()

    incr (key: string, done: (error: Error | null, result?: { current: number, ttl: number }) => void, timeWindow = 60_000): void {
      const now = clock().getTime()
      const known = this.#windows.get(key)
      const window = known !== undefined && now - known.startedAt < timeWindow ? known : { count: 0, startedAt: now }
      window.count++
      // Set anew, the key stands last: what stands first is what was quiet for longest.
      this.#windows.delete(key)
      this.#windows.set(key, window)
      if (this.#windows.size > MOST_CLIENTS) this.#forgetQuietest()
      done(null, { current: window.count, ttl: timeWindow - (now - window.startedAt) })
    }

    child (): FastifyRateLimitStore {
      return new MemoryStore()
    }

    #forgetQuietest (): void {
      const [quietest] = this.#windows.keys()
      if (quietest !== undefined) this.#windows.delete(quietest)
    }
  }
}
