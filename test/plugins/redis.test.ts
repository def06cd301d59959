import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import { build, type Kunci } from '../helper.js'

const away = (kunci: Kunci) => kunci.log.filter(line => line.includes('Redis is away'))

/** Takes connections and never says a word, as a server that hangs does. */
async function silentServer (t: Test): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer(socket => { sockets.add(socket.on('error', () => {})) }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

t.test('a start without its Redis goes on, and says so once, without the password', async t => {
  const kunci = await build(t, { REDIS_URL: 'redis://kunci:geheim@127.0.0.1:1' })
  const ready = await kunci.app.inject('/health/ready')
  t.equal(ready.statusCode, 200)
  t.same(ready.json(), { status: 'ok', parts: { database: 'ok', redis: 'away' } })
  t.match(JSON.parse(away(kunci)[0] ?? '{}'), { level: 40, redis: 'ECONNREFUSED' })
  for (let asked = 0; asked < 3; asked++) await t.rejects(async () => { await kunci.app.redis?.run({ text: '', sha1: '' }, [], []) })
  t.equal(away(kunci).length, 1)
  t.notMatch(kunci.log.join(''), 'geheim')
})

t.test('so does one whose Redis takes connections and says nothing', async t => {
  const kunci = await build(t, { REDIS_URL: `redis://127.0.0.1:${await silentServer(t)}` })
  t.same((await kunci.app.inject('/health/ready')).json(), { status: 'ok', parts: { database: 'ok', redis: 'away' } })
  t.match(JSON.parse(away(kunci)[0] ?? '{}'), { level: 40, redis: 'TIMEOUT' })
})

t.test('without REDIS_URL nothing speaks of it', async t => {
  const kunci = await build(t)
  t.same((await kunci.app.inject('/health/ready')).json(), { status: 'ok', parts: { database: 'ok' } })
  t.equal(kunci.app.redis, undefined)
})
