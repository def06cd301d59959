import { setTimeout as delay } from 'node:timers/promises'
import Fastify from 'fastify'
import t from 'tap'
import { TimeLimitError } from '../../plugins/errors.js'
import timeLimit from '../../plugins/time-limit.js'

const LIMIT = 240

async function limited () {
  const app = Fastify()
  t.teardown(async () => { await app.close() })
  await app.register(timeLimit, { limit: LIMIT })
  app.setErrorHandler((error, _request, reply) => { void reply.code(503).send({ late: error instanceof TimeLimitError }) })
  return app
}

t.test('a request that gets no answer in time gets one, and what its handler says later counts for nothing', async t => {
  const app = await limited()
  let ended = false
  app.get('/', async () => {
    await delay(4 * LIMIT)
    ended = true
    return { late: 'answer' }
  })
  const response = await app.inject('/')
  t.equal(response.statusCode, 503)
  t.same(response.json(), { late: true })
  t.notOk(ended)
  await delay(4 * LIMIT)
  t.ok(ended)
})

t.test('one that is answered in time is left alone, whatever comes before and after it', async t => {
  const app = await limited()
  app.get('/never', async () => await new Promise(() => {}))
  app.get('/', async () => ({}))
  const never = app.inject('/never')
  for (let asked = 0; asked < 20; asked++) {
    t.equal((await app.inject('/')).statusCode, 200)
    await delay(LIMIT / 20)
  }
  t.equal((await never).statusCode, 503)
})

t.test('an answer that has begun and does not end is cut off', async t => {
  const app = await limited()
  app.get('/', (_request, reply) => { reply.raw.writeHead(200).write('begun') })
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const response = await fetch(url)
  t.equal(response.status, 200)
  await t.rejects(response.text(), /terminated/)
})

t.test('one whose error is still being dealt with is cut off, and the server goes on', async t => {
  const app = await limited()
  app.get('/', async () => { throw new Error('a fault') })
  app.get('/well', async () => ({}))
  app.addHook('onError', async () => await new Promise(() => {}))
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  await t.rejects(fetch(url), /fetch failed/)
  t.equal((await fetch(`${url}/well`)).status, 200)
})
