import t, { type Test } from 'tap'
import { build, type Kunci } from '../../helper.js'
import { noticed, startRedis, stranger } from './running-redis.js'

const LIMITED = { status: 429, message: 'Too many requests' }

async function twoInstances (t: Test) {
  const redis = await startRedis(t)
  const env = { RATE_LIMIT: 'on', REDIS_URL: redis.url }
  const one = await build(t, env)
  const other = await build(t, env, one)
  return { redis, one, other }
}

/** Counted before its body is looked at, which then costs no hash: 400 is let through. */
const attempt = async (kunci: Kunci, remoteAddress: string) =>
  await kunci.app.inject({ method: 'POST', url: '/auth/login', remoteAddress, payload: {} })

/** @returns how often each status was answered to so many attempts at once, made at the instances in turn */
async function statuses (count: number, address: string, ...instances: [Kunci, ...Kunci[]]): Promise<Record<number, number>> {
  const found: Record<number, number> = {}
  const sent = Array.from({ length: count }, async (_, index) => await attempt(instances[index % instances.length] ?? instances[0], address))
  for (const { statusCode } of await Promise.all(sent)) found[statusCode] = (found[statusCode] ?? 0) + 1
  return found
}

t.test('sixty sign-ins a minute for an address, over all instances', async t => {
  const { one, other } = await twoInstances(t)
  t.same(await statuses(60, '203.0.113.7', one, other), { 400: 60 })
  for (const kunci of [one, other]) {
    const limited = await attempt(kunci, '203.0.113.7')
    t.equal(limited.statusCode, 429)
    t.same(limited.json(), LIMITED)
    t.equal(limited.headers['retry-after'], '60')
  }
  t.equal((await attempt(other, '203.0.113.8')).statusCode, 400, 'another address is not touched')
  one.clock.advance(59)
  t.equal((await attempt(other, '203.0.113.7')).headers['retry-after'], '1')
  one.clock.advance(1)
  t.equal((await attempt(other, '203.0.113.7')).statusCode, 400)
  t.equal((await attempt(one, '203.0.113.7')).statusCode, 400)
})

t.test('of two hundred at once over two instances sixty pass', async t => {
  const { one, other } = await twoInstances(t)
  t.same(await statuses(200, '203.0.113.7', one, other), { 400: 60, 429: 140 })
})

t.test('what is counted expires by itself, under names of this installation', async t => {
  const { redis, one } = await twoInstances(t)
  const client = await stranger(t, redis.url)
  await attempt(one, '203.0.113.7')
  const [database] = await one.sql<Array<{ oid: number }>>`select oid::int from pg_database where datname = current_database()`
  const [key = ''] = await client.keys('*limit*')
  t.match(key, new RegExp(`^kunci:\\d+-${database?.oid}:limit:signIn:203\\.0\\.113\\.7$`))
  const left = await client.pTTL(key)
  t.ok(left > 0 && left <= 60_000)
})

t.test('nobody gets a fresh allowance when Redis goes away, and it is shared again when it is back', async t => {
  const { redis, one, other } = await twoInstances(t)
  for (const kunci of [other, one]) t.same(await statuses(20, '203.0.113.7', kunci), { 400: 20 })
  await redis.kill()
  t.same(await statuses(40, '203.0.113.7', one), { 400: 20, 429: 20 }, 'what was counted elsewhere is remembered')
  t.same(await statuses(70, '203.0.113.8', one), { 400: 60, 429: 10 }, 'each instance counts by itself')
  await noticed(one, false)
  const ready = await one.app.inject('/health/ready')
  t.same([ready.statusCode, ready.json()], [200, { status: 'ok', parts: { database: 'ok', redis: 'away' } }])
  await redis.start()
  await Promise.all([noticed(one, true), noticed(other, true)])
  t.same((await one.app.inject('/health/ready')).json(), { status: 'ok', parts: { database: 'ok', redis: 'ok' } })
  t.same(await statuses(5, '203.0.113.8', one), { 429: 5 }, 'nor by its coming back')
  t.same(await statuses(80, '203.0.113.9', one, other), { 400: 60, 429: 20 })
  for (const kunci of [one, other]) {
    for (const said of ['Redis is away', 'Redis is back']) t.equal(kunci.log.filter(line => line.includes(said)).length, 1, said)
    t.notMatch(kunci.log.join(''), 'geheim')
  }
})

t.test('a Redis that hangs is waited for once, and then not at all', async t => {
  const { redis, one } = await twoInstances(t)
  t.same(await statuses(50, '203.0.113.7', one), { 400: 50 })
  redis.hang()
  t.same(await statuses(50, '203.0.113.7', one), { 400: 10, 429: 40 })
  await noticed(one, false)
  t.match(one.log.join(''), '"redis":"TIMEOUT"')
  const began = performance.now()
  for (let count = 0; count < 60; count++) t.equal((await attempt(one, '203.0.113.8')).statusCode, 400)
  t.ok(performance.now() - began < 60 * 250, 'what waits for each of them takes longer')
  redis.wake()
  await noticed(one, true)
  t.same(await statuses(5, '203.0.113.7', one), { 429: 5 })
})

t.test('what others write there changes no limit for the worse', async t => {
  const { redis, one } = await twoInstances(t)
  const client = await stranger(t, redis.url)
  const name = (address: string) => one.app.redis?.name('limit', `signIn:${address}`) ?? ''
  await client.set(name('203.0.113.7'), 'x')
  t.same(await statuses(61, '203.0.113.7', one), { 400: 60, 429: 1 })
  await client.hSet(name('203.0.113.8'), { startedAt: String(one.clock.now.getTime()), count: '-1000' })
  t.same(await statuses(61, '203.0.113.8', one), { 400: 60, 429: 1 })
  await client.hSet(name('203.0.113.9'), { startedAt: '99999999999999', count: '1000' })
  t.equal((await attempt(one, '203.0.113.9')).statusCode, 400, 'a window that begins in the future is none')
})
