import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { signAttestation } from '../../../src/domain/attested-heartbeat.js'
import type { Kunci } from '../../helper.js'
import { login, profile, refusedSoon } from '../../outlet/client.js'
import { hearingAndDeaf, signOut, until } from './deaf-instance.js'
import { stranger } from './running-redis.js'

/** Somebody who can write to the Redis, and to nothing else. */

const revocationsOf = (kunci: Kunci) => kunci.app.redis?.name('revocations') ?? ''
const relayedOf = (kunci: Kunci, number: number) => kunci.app.redis?.name('relayed', String(number)) ?? ''

/** Wherever a heartbeat may come back, as anyone can ask Redis. */
const HEARTBEATS = 'kunci:*:heartbeats:*'

/** The form of a session's end, as it travels. */
async function lastRevocation (kunci: Kunci): Promise<Record<string, unknown>> {
  const [row] = await kunci.sql`select number::int, scope, user_id, session_id, contract, role, version::int, revoked_at, ends_at from revocations order by number desc limit 1`
  return { ...row }
}

t.test('garbage changes nothing, and is warned of once', async t => {
  const { redis, hearing, deaf } = await hearingAndDeaf(t)
  const { accessToken } = await login(hearing)
  const client = await stranger(t, redis.url)
  const garbage = ['', 'x', 'null', '[]', '{}', '{"scope":"session"}', '\u0000', '"', '['.repeat(10_000), 'x'.repeat(1_000_000), `${'x'.repeat(43)} {}`]
  for (const channel of [revocationsOf(hearing), ...await client.pubSubChannels(HEARTBEATS)]) {
    for (const message of garbage) t.ok(await client.publish(channel, message) > 0)
  }
  for (const kunci of [hearing, deaf]) {
    t.equal((await profile(kunci, accessToken)).statusCode, 200)
    t.equal(kunci.log.filter(line => line.includes('what came by Redis is no')).length, 1)
  }
  await signOut(hearing, accessToken)
  t.ok(await refusedSoon(deaf, accessToken))
})

t.test('what is revoked stays so, whatever is said', async t => {
  const { redis, hearing, deaf } = await hearingAndDeaf(t)
  const { accessToken } = await login(hearing)
  await signOut(hearing, accessToken)
  t.ok(await refusedSoon(deaf, accessToken))
  const client = await stranger(t, redis.url)
  const told = await lastRevocation(hearing)
  const soon = new Date(hearing.clock.now.getTime() + 1000)
  for (const lie of [{ ends_at: soon }, { revoked_at: new Date(0) }, { ends_at: new Date(0) }, { contract: 'donation' }, { scope: 'account', version: 0 }, { scope: 'grants', version: 0 }]) {
    await client.publish(revocationsOf(hearing), JSON.stringify({ ...told, ...lie }))
  }
  hearing.clock.advance(600)
  // A beat of the feed, which lets go of what has become needless.
  await delay(1500)
  for (const kunci of [hearing, deaf]) t.equal((await profile(kunci, accessToken)).statusCode, 401)
})

t.test('what a stranger adds is believed: such a Redis must be private', async t => {
  const { redis, hearing, deaf } = await hearingAndDeaf(t)
  const [first, second] = [await login(hearing), await login(hearing)]
  await signOut(hearing, first.accessToken)
  const client = await stranger(t, redis.url)
  const [session] = await hearing.sql`select id from sessions where revoked_at is null`
  await client.publish(revocationsOf(hearing), JSON.stringify({ ...await lastRevocation(hearing), session_id: session?.['id'] }))
  for (const kunci of [hearing, deaf]) t.ok(await refusedSoon(kunci, second.accessToken))
})

t.test('an instance that hears by Redis alone finds out what was kept from it', async t => {
  const { redis, wire, hearing, deaf } = await hearingAndDeaf(t)
  const { accessToken } = await login(hearing)
  const client = await stranger(t, redis.url)
  const told: string[] = []
  await client.subscribe(revocationsOf(hearing), message => { told.push(message) })
  const other = await stranger(t, redis.url)
  for (let number = 1; number < 100; number++) await other.set(relayedOf(hearing, number), 'x')
  await wire.cut()
  await signOut(hearing, accessToken)
  // Under its number stands another, harmless entry.
  await other.publish(revocationsOf(hearing), JSON.stringify({ ...await lastRevocation(hearing), contract: 'donation' }))
  t.ok(await refusedSoon(deaf, accessToken))
  t.same(told.map(message => JSON.parse(message).contract), ['donation'], 'the true one was never told')
})

t.test('a forged heartbeat, or an old one again, keeps nobody current', async t => {
  const { redis, wire, hearing, deaf } = await hearingAndDeaf(t)
  const { accessToken } = await login(deaf)
  const client = await stranger(t, redis.url)
  const heard: Array<[channel: string, message: string]> = []
  const listener = await stranger(t, redis.url)
  await listener.pSubscribe(HEARTBEATS, (message, channel) => { heard.push([channel, message]) })
  await wire.cut()
  while (heard.length < 2) await delay(20)
  t.equal((await profile(deaf, accessToken)).statusCode, 200)
  await hearing.app.close()
  await listener.pUnsubscribe()
  const lying = setInterval(() => {
    for (const [channel, message] of heard) {
      const { sentAt } = JSON.parse(message.slice(44))
      const forged = { sentAt: sentAt + 60_000, listening: 5000, entries: [] }
      for (const lie of [message, `${message.slice(0, 44)}${JSON.stringify(forged)}`, signAttestation('x'.repeat(43), forged)]) client.publish(channel, lie).catch(() => {})
    }
  }, 50)
  await until(deaf, accessToken, 503)
  clearInterval(lying)
  t.equal((await profile(deaf, accessToken)).statusCode, 503)
})
