import type { FastifyReply } from 'fastify'
import fp from 'fastify-plugin'
import { TimeLimitError } from './errors.js'

/** Looks within a time limit: a request may take longer by one of them. */
const LOOKS = 12

/**
 * Answers for handlers that have none within a time limit: the driver may wait without end for a database that refuses
 * connections. Fastify's own limit makes a timer, a listener and an `AbortController` for each request, and aborts it after each
 * answer, which costs as much as a third of a small one.
 *
 * @param options `limit`: in milliseconds
 */
export default fp<{ limit: number }>(async (app, { limit }) => {
  // In the order in which they came, with the look that came before.
  const unanswered = new Map<FastifyReply, number>()
  let looks = 0

  app.addHook('onRequest', (_request, reply, done) => {
    unanswered.set(reply, looks)
    done()
  })
  app.addHook('onResponse', (_request, reply, done) => {
    unanswered.delete(reply)
    done()
  })

  const watch = setInterval(() => {
    looks++
    for (const [reply, since] of unanswered) {
      if (looks - since <= LOOKS) break
      unanswered.delete(reply)
      endLate(reply)
    }
  }, limit / LOOKS)
  app.addHook('onClose', async () => { clearInterval(watch) })
}, { name: 'time-limit' })

function endLate (reply: FastifyReply): void {
  if (reply.sent) return
  try {
    if (!reply.raw.headersSent) {
      void reply.send(new TimeLimitError())
      return
    }
  } catch {
    // Another error is being answered, and its hooks wait: Fastify takes no second answer then, and nobody else would catch this.
  }
  // What has begun can't become another answer.
  reply.raw.destroy()
}
