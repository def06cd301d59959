import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import { sql } from 'drizzle-orm'

const Live = Type.Object({ status: Type.Literal('ok') })
const Ready = Type.Object({
  status: Type.Literal('ok'),
  parts: Type.Object({
    database: Type.Literal('ok'),
    /** away is no reason to send no requests here; left out without REDIS_URL */
    redis: Type.Optional(Type.Union([Type.Literal('ok'), Type.Literal('away')]))
  })
})
const NotReady = Type.Object({
  status: Type.Literal('unavailable'),
  parts: Type.Object({
    server: Type.Optional(Type.Literal('closing')),
    database: Type.Optional(Type.Literal('unreachable')),
    revocations: Type.Optional(Type.Literal('out of touch'))
  })
})

/** The longest that a probe waits for the database, in milliseconds. */
const PATIENCE = 2000

/** For load balancers and supervisors: `live` says that the process answers, `ready` that it can do its work. */
const health: FastifyPluginAsyncTypebox = async app => {
  app.get('/live', {
    schema: { tags: ['health'], summary: 'The process answers', response: { 200: Live } }
  }, async () => ({ status: 'ok' }) as const)

  app.get('/ready', {
    schema: { tags: ['health'], summary: 'The server can do its work, or which part cannot', response: { 200: Ready, 503: NotReady } }
  }, async (_request, reply) => {
    if (app.isClosing()) return await reply.code(503).send({ status: 'unavailable', parts: { server: 'closing' } })
    if (!await answers()) return await reply.code(503).send({ status: 'unavailable', parts: { database: 'unreachable' } })
    if (!app.revocations.isCurrent()) return await reply.code(503).send({ status: 'unavailable', parts: { revocations: 'out of touch' } })
    const redis = app.redis === undefined ? {} : { redis: app.redis.isThere() ? 'ok' : 'away' } as const
    return { status: 'ok', parts: { database: 'ok', ...redis } } as const
  })

  // One probe serves all who ask meanwhile: a database that hangs is not asked again and again.
  let probe: Promise<boolean> | undefined
  async function answers (): Promise<boolean> {
    probe ??= app.db.execute(sql`select 1`).then(() => true, () => false).finally(() => { probe = undefined })
    let timer: NodeJS.Timeout | undefined
    const tooLate = new Promise<boolean>(resolve => { timer = setTimeout(resolve, PATIENCE, false) })
    return await Promise.race([probe, tooLate]).finally(() => { clearTimeout(timer) })
  }
}

export default health
