import { finished } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import fp from 'fastify-plugin'
import { databaseFailure } from '../db/failure.js'
import { type RefusedToken, refusedTokens, writeRefusedTokens } from '../src/domain/refused-tokens.js'
import { TokenRefusedError } from '../src/domain/token-refusal.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** Makes an event of each authentic token that is refused in a scope, under its contract; without one, under the token's own. */
    recordRefusedTokens: (scope: FastifyInstance, contract?: string) => void
  }
}

/** Refusals that wait to be written at most; whatever comes beyond is counted and dropped. */
const MOST_WAITING = 500

/** Refusals in one statement at most; one statement at a time is under way. */
const MOST_AT_ONCE = 100

/** Refusals that are remembered at most, so that the same one again asks nothing of the database; the oldest are forgotten. */
const MOST_REMEMBERED = 10_000

/** Milliseconds for which a session that went on is taken to go on. */
const GOES_ON = 60_000

/** The longest that what waits is waited for at the end, in milliseconds. */
const LAST_EVENTS = 3000

/** Writes the events of refused tokens behind the answers, which neither wait for them nor fail by them. */
export default fp(async app => {
  const waiting = new Map<string, RefusedToken>()
  /** by event, until when it is not looked at again, in milliseconds since 1970 */
  const settled = new Map<string, number>()
  let dropped = 0
  const work = { isUnderWay: false, done: Promise.resolve() }

  function note (refused: RefusedToken): void {
    const { id, createdAt } = refused
    if ((settled.get(id) ?? -Infinity) > createdAt.getTime() || waiting.has(id)) return
    if (waiting.size >= MOST_WAITING) dropped++
    else waiting.set(id, refused)
    if (!work.isUnderWay) work.done = writeAll()
  }

  async function writeAll (): Promise<void> {
    work.isUnderWay = true
    while (waiting.size > 0) {
      const batch = [...waiting.values()].slice(0, MOST_AT_ONCE)
      try {
        const written = await writeRefusedTokens(app.db, batch)
        for (const { id, createdAt } of batch) remember(id, written.has(id) ? Infinity : createdAt.getTime() + GOES_ON)
      } catch (error) {
        app.log.error({ database: databaseFailure(error)?.code, refused: batch.length }, 'refused tokens could not be recorded')
      }
      for (const { id } of batch) waiting.delete(id)
    }
    if (dropped > 0) app.log.warn({ dropped }, 'too many refused tokens at once: some were not recorded')
    dropped = 0
    work.isUnderWay = false
  }

  function remember (id: string, until: number): void {
    settled.delete(id)
    settled.set(id, until)
    const [oldest] = settled.keys()
    if (settled.size > MOST_REMEMBERED && oldest !== undefined) settled.delete(oldest)
  }

  app.decorate('recordRefusedTokens', (scope, contract) => {
    scope.addHook('onError', (request, reply, error: Error, done) => {
      // Read now: once the connection is closed nobody can tell who asked.
      const refused = error instanceof TokenRefusedError ? refusedTokens(error, contract, request.requester, app.clock()) : []
      // Whether the answer went out, or its client went away before.
      if (refused.length > 0) finished(reply.raw, () => { refused.forEach(note) })
      done()
    })
  })

  app.addHook('onClose', async () => {
    await Promise.race([work.done, delay(LAST_EVENTS, undefined, { ref: false })])
    waiting.clear()
  })
}, { name: 'refused-tokens', dependencies: ['clock', 'database', 'requester'] })
