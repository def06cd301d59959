import { setTimeout as wait } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { type Refreshed, type Server, startPair } from './servers.js'

const ROUNDS = 20

type Pair = [Server, Server]

/** One after another: what happens at once is within a round. */
async function inRounds<Result> (round: (number: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (let number = 0; number < ROUNDS; number++) results.push(await round(number))
  return results
}

async function atOnce (pair: Pair, cookie: string, times: number): Promise<Refreshed[]> {
  return await Promise.all(Array.from({ length: times }, async (_, index) => await pair[index % 2 === 0 ? 0 : 1].refresh(cookie)))
}

/** How often each status came. */
function tally (statuses: number[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

/** Every token of the sessions is refused on both instances. */
async function assertEnded (t: Test, pair: Pair, sessions: Array<{ accessToken: string, cookie: string }>): Promise<void> {
  // What was revoked on one instance is known on the other within a second.
  await wait(1000)
  for (const server of pair) {
    t.same(tally(await Promise.all(sessions.map(async ({ accessToken }) => await server.profile(accessToken)))), { 401: sessions.length })
    t.same(tally(await Promise.all(sessions.map(async ({ cookie }) => (await server.refresh(cookie)).status))), { 401: sessions.length })
  }
}

for (const [name, times] of [['two tabs', 2], ['32 refreshes', 32]] as const) {
  t.test(`${name} at once over two instances get the same successor, and it is good`, async t => {
    const pair = await startPair(t)
    const rounds = await inRounds(async number => {
      const { cookie } = await pair[0].login()
      const answers = await atOnce(pair, cookie, times)
      const successors = new Set(answers.map(answer => answer.cookie))
      const next = await pair[number % 2 === 0 ? 0 : 1].refresh([...successors].join())
      return { statuses: tally(answers.map(answer => answer.status)), successors: successors.size, next: next.status }
    })
    t.same(rounds, Array(ROUNDS).fill({ statuses: { 200: times }, successors: 1, next: 200 }))
  })
}

t.test('who lost the answer gets the same one again from the other instance, 0.1 s and 5 s later', async t => {
  const pair = await startPair(t)
  const sessions = await inRounds(async () => await pair[0].login())
  const rounds = await Promise.all(sessions.map(async ({ cookie }) => {
    const lost = await pair[0].refresh(cookie)
    await wait(100)
    const soon = await pair[1].refresh(cookie)
    await wait(4900)
    const late = await pair[1].refresh(cookie)
    return { statuses: [lost.status, soon.status, late.status], same: lost.cookie === soon.cookie && soon.cookie === late.cookie, next: (await pair[0].refresh(late.cookie)).status }
  }))
  t.same(rounds, Array(ROUNDS).fill({ statuses: [200, 200, 200], same: true, next: 200 }))
})

t.test('the token two back ends the session on both instances at once, within the grace too', async t => {
  const pair = await startPair(t)
  const current = await inRounds(async number => {
    const [here, there] = number % 2 === 0 ? pair : [pair[1], pair[0]]
    const { cookie } = await here.login()
    const successor = await there.refresh(cookie)
    const current = await here.refresh(successor.cookie)
    const replay = await there.refresh(cookie)
    t.same([successor.status, current.status, replay], [200, 200, { status: 401, cookie: '', accessToken: '' }])
    t.equal(await there.profile(current.accessToken), 401, 'on the instance that was asked at once')
    return current
  })
  await assertEnded(t, pair, current)
})

t.test('the token just replaced ends the session once the grace is over', async t => {
  const pair = await startPair(t, { REFRESH_GRACE: '2' })
  const sessions = await inRounds(async () => await pair[0].login())
  const successors = await Promise.all(sessions.map(async ({ cookie }) => await pair[0].refresh(cookie)))
  await wait(3000)
  t.same(tally(await Promise.all(sessions.map(async ({ cookie }) => (await pair[1].refresh(cookie)).status))), { 401: ROUNDS })
  await assertEnded(t, pair, successors)
})

t.test('a restart of one instance changes nothing: the same successor again, then a replay', async t => {
  const pair = await startPair(t)
  const sessions = await inRounds(async () => await pair[0].login())
  const successors = await Promise.all(sessions.map(async ({ cookie }) => await pair[0].refresh(cookie)))
  await pair[0].stop()
  await pair[0].start()
  const again = await Promise.all(sessions.map(async ({ cookie }) => await pair[0].refresh(cookie)))
  t.same(again.map(answer => answer.cookie), successors.map(answer => answer.cookie))
  const current = await Promise.all(successors.map(async ({ cookie }) => await pair[1].refresh(cookie)))
  t.same(tally(current.map(answer => answer.status)), { 200: ROUNDS })
  t.same(tally(await Promise.all(sessions.map(async ({ cookie }) => (await pair[0].refresh(cookie)).status))), { 401: ROUNDS })
  await assertEnded(t, pair, current)
})

t.test('a replay after the grace is one after a restart too', async t => {
  const pair = await startPair(t, { REFRESH_GRACE: '2' })
  const sessions = await inRounds(async () => await pair[0].login())
  const successors = await Promise.all(sessions.map(async ({ cookie }) => await pair[1].refresh(cookie)))
  await pair[0].stop()
  await wait(3000)
  await pair[0].start()
  t.same(tally(await Promise.all(sessions.map(async ({ cookie }) => (await pair[0].refresh(cookie)).status))), { 401: ROUNDS })
  await assertEnded(t, pair, successors)
})

t.test('a logout against refreshes in flight leaves nothing alive', async t => {
  const pair = await startPair(t)
  const rounds = await inRounds(async number => {
    const { accessToken, cookie } = await pair[0].login()
    // Ahead of the refreshes, among them or behind them.
    const [loggedOut, answers] = await Promise.all([
      wait(number % 5 * 2).then(async () => await pair[number % 2 === 0 ? 0 : 1].logout(accessToken)),
      atOnce(pair, cookie, 8)
    ])
    return { loggedOut, held: [{ accessToken, cookie }, ...answers.filter(answer => answer.status === 200)] }
  })
  t.same(tally(rounds.map(round => round.loggedOut)), { 200: ROUNDS })
  const held = rounds.flatMap(round => round.held)
  t.comment(`${held.length - ROUNDS} of ${ROUNDS * 8} refreshes came before the logout`)
  await assertEnded(t, pair, held)
})
