import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { build, type Kunci } from '../../helper.js'
import { login, profile, refusedSoon } from '../../outlet/client.js'
import { hearingAndDeaf, signOut, STALENESS, UNAVAILABLE, until } from './deaf-instance.js'
import { stranger } from './running-redis.js'

/** @returns every status that a token had over so many seconds */
async function watched (kunci: Kunci, accessToken: string, seconds: number): Promise<number[]> {
  const seen = new Set<number>()
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await delay(20)) seen.add((await profile(kunci, accessToken)).statusCode)
  return [...seen]
}

for (const [way, close] of [['is cut off', 'cut'], ['is dead without knowing', 'freeze']] as const) {
  t.test(`an instance whose connection to what the database announces ${way} stays current through the others`, async t => {
    const { wire, hearing, deaf } = await hearingAndDeaf(t)
    const [first, second, kept] = [await login(hearing), await login(hearing), await login(hearing)]
    await wire[close]()
    t.equal((await signOut(hearing, first.accessToken)).statusCode, 200)
    t.ok(await refusedSoon(deaf, first.accessToken), 'before it has noticed anything')
    t.same(await watched(deaf, kept.accessToken, STALENESS * 2), [200])
    t.equal((await deaf.app.inject('/health/ready')).statusCode, 200)
    t.equal((await signOut(hearing, second.accessToken)).statusCode, 200)
    t.ok(await refusedSoon(deaf, second.accessToken))
    t.match(deaf.log.join(''), 'what the database announces is not heard here')
    await wire.mend()
    while (!deaf.log.join('').includes('what the database announces is heard here again')) await delay(20)
  })
}

t.test('what a deaf instance revokes the others hear from the database, and it from itself', async t => {
  const { wire, hearing, deaf } = await hearingAndDeaf(t)
  const { accessToken } = await login(hearing)
  await wire.cut()
  t.equal((await signOut(deaf, accessToken)).statusCode, 200)
  t.equal((await profile(deaf, accessToken)).statusCode, 401)
  t.ok(await refusedSoon(hearing, accessToken))
})

t.test('with both ways gone it fails closed, and either one brings it back', async t => {
  const { redis, wire, hearing, deaf } = await hearingAndDeaf(t)
  const [first, second, kept] = [await login(hearing), await login(hearing), await login(hearing)]
  await wire.cut()
  await redis.kill()
  await until(deaf, kept.accessToken, 503)
  const refused = await profile(deaf, kept.accessToken)
  t.same([refused.json(), refused.headers['retry-after']], [UNAVAILABLE, '1'])
  t.same((await deaf.app.inject('/health/ready')).json(), { status: 'unavailable', parts: { revocations: 'out of touch' } })
  t.equal((await profile(hearing, kept.accessToken)).statusCode, 200)
  t.equal((await signOut(hearing, first.accessToken)).statusCode, 200)
  await redis.start()
  await until(deaf, kept.accessToken, 200)
  t.equal((await profile(deaf, first.accessToken)).statusCode, 401, 'what it missed is read before it answers again')
  await redis.kill()
  await until(deaf, kept.accessToken, 503)
  t.equal((await signOut(hearing, second.accessToken)).statusCode, 200)
  await wire.mend()
  await until(deaf, kept.accessToken, 200)
  t.equal((await profile(deaf, second.accessToken)).statusCode, 401)
})

t.test('a deaf instance with nobody to hear for it fails closed', async t => {
  const { wire, hearing, deaf } = await hearingAndDeaf(t)
  const { accessToken } = await login(deaf)
  await hearing.app.close()
  await wire.cut()
  await until(deaf, accessToken, 503)
  t.same((await profile(deaf, accessToken)).json(), UNAVAILABLE)
})

t.test('each entry is told once, however many instances hear it', async t => {
  const { redis, hearing, deaf } = await hearingAndDeaf(t)
  const third = await build(t, { REDIS_URL: redis.url }, hearing)
  const client = await stranger(t, redis.url)
  const told: string[] = []
  await client.subscribe(hearing.app.redis?.name('revocations') ?? '', message => { told.push(message) })
  for (let count = 0; count < 10; count++) {
    const { accessToken } = await login(hearing)
    await signOut(hearing, accessToken)
    for (const kunci of [deaf, third]) t.ok(await refusedSoon(kunci, accessToken))
  }
  await delay(500)
  const numbers = (await hearing.sql<Array<{ number: string }>>`select number from revocations order by number`).map(({ number }) => Number(number))
  t.equal(numbers.length, 10)
  t.same(told.map(message => JSON.parse(message).number).sort((a, b) => a - b), numbers)
})
