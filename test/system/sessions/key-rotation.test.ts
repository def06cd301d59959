import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { Load } from './load.js'
import { tally } from './rounds.js'
import { type Pair, type Server, startPair } from './servers.js'

/** Seconds that the access tokens of every contract live. */
const LIFETIME = 15

interface Made {
  kid: string
  /** milliseconds since 1970 */
  signsFrom: number
  /** the same, when both instances had published it */
  publishedAt: number
}

/** Waits until both instances publish a key, but not for ever. */
async function untilPublished (pair: Pair, kid: string): Promise<void> {
  const end = Date.now() + 60_000
  const publishes = async (server: Server) => (await server.keys()).keys.some(key => key.kid === kid)
  for (const server of pair) while (Date.now() < end && !await publishes(server)) await wait(50)
}

async function rotate (pair: Pair, ...options: string[]): Promise<Made> {
  const { kid, signsFrom } = JSON.parse(await pair[0].command('keys', 'rotate', '--json', ...options)) as { kid: string, signsFrom: string }
  await untilPublished(pair, kid)
  return { kid, signsFrom: Date.parse(signsFrom), publishedAt: Date.now() }
}

t.test('keys rotated three times under load: nobody is refused, and every token can be verified as long as it lives', async t => {
  const pair = await startPair(t, { LIFETIMES: `outlet=${LIFETIME}/3600,console=${LIFETIME}/3600,donation=${LIFETIME},member=${LIFETIME}/3600,signin=${LIFETIME}/3600` })
  const { keys, maxAge } = await pair[1].keys()
  t.equal(keys.length, 1)
  const first = keys[0]?.kid ?? ''
  const load = new Load(pair)
  const made: Made[] = []
  await load.until((async () => {
    await wait(1000)
    made.push(...await Promise.all([rotate(pair, '--now'), wait(3000).then(async () => await rotate(pair, '--now')), rotate(pair)]))
    await wait((made[1]?.signsFrom ?? 0) + LIFETIME * 1000 - Date.now())
  })(), 8)

  t.same(tally(load.statuses), { 200: load.statuses.length })
  t.same(load.missing, [], 'no gateway misses a key')

  const [second, third, next] = made
  if (second === undefined || third === undefined || next === undefined) throw new Error('three keys were to be made')
  for (const { signsFrom, publishedAt } of [second, third]) t.ok(publishedAt < signsFrom, 'both instances know a key before it signs')
  t.ok(next.publishedAt + maxAge * 1000 <= next.signsFrom, 'who keeps the keys as long as they may has fetched the next one before it signs')

  // In between they may be of either.
  const signing = (from: number, until: number) => [...new Set(load.issued.filter(({ askedAt, answeredAt }) => askedAt >= from && answeredAt < until).map(({ kid }) => kid))]
  t.same(signing(0, second.signsFrom), [first])
  t.same(signing(second.signsFrom, third.signsFrom), [second.kid])
  t.same(signing(third.signsFrom, next.signsFrom), [third.kid])
  t.same((await pair[1].keys()).keys.map(key => key.kid), [first, second.kid, third.kid, next.kid])
  t.comment(`${load.statuses.length} answers, ${load.issued.length} tokens; published ${made.map(({ signsFrom, publishedAt }) => (signsFrom - publishedAt) / 1000).join(', ')} s before they sign`)
})
