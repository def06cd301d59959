import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { assertEnded } from './ended.js'
import { Load } from './load.js'
import { inRounds, ROUNDS, tally } from './rounds.js'
import { type Pair, startPair } from './servers.js'

const HOUR = 3600

/** A session, the instance at which it began, and the other. */
async function begin (pair: Pair, number: number) {
  const [here, there] = number % 2 === 0 ? pair : [pair[1], pair[0]]
  return { ...await here.login(), here, there }
}

t.test('the clock of one machine goes an hour ahead, back, an hour behind and back: neither instance refuses anybody', async t => {
  const pair = await startPair(t, {}, `0,${HOUR},0,-${HOUR},0`)
  const load = new Load(pair)
  await load.until((async () => {
    for (let moves = 0; moves < 4; moves++) {
      await wait(2000)
      pair[1].moveClock()
    }
    await wait(2000)
  })(), 8)
  t.same(tally(load.statuses), { 200: load.statuses.length })
  t.comment(`${load.statuses.length} answers`)
})

t.test('whatever the clock of one machine says, the grace is as long on both, and what has ended stays so when it is set right', async t => {
  const pair = await startPair(t, { REFRESH_GRACE: '4' }, `${HOUR},-${HOUR},0`)
  const ended: Array<{ accessToken: string, cookie: string }> = []
  for (const clock of ['ahead', 'behind']) {
    const replaced = await inRounds(async number => {
      const { cookie, here, there } = await begin(pair, number)
      const successor = await here.refresh(cookie)
      t.same((await there.refresh(cookie)).cookie, successor.cookie, clock)
      return { cookie, there, successor }
    })
    const signedOut = await inRounds(async number => {
      const session = await begin(pair, number)
      t.equal(await session.there.logout(session.accessToken), 200)
      return session
    })
    await wait(4000)
    t.same(tally(await Promise.all(replaced.map(async ({ cookie, there }) => (await there.refresh(cookie)).status))), { 401: ROUNDS })
    ended.push(...signedOut, ...replaced.map(session => session.successor))
    await assertEnded(t, pair, ended)
    pair[1].moveClock()
  }
  await assertEnded(t, pair, ended)
})

t.test('a session that has expired is over on both instances, whatever the clock of one machine says', async t => {
  const pair = await startPair(t, { LIFETIMES: 'outlet=4/6' }, `${HOUR},-${HOUR},0`)
  const sessions = await inRounds(async number => {
    const { cookie, here, there } = await begin(pair, number)
    const successor = await there.refresh(cookie)
    t.same([successor.status, await here.profile(successor.accessToken)], [200, 200])
    return successor
  })
  await wait(6000)
  for (let moves = 0; moves < 3; moves++) {
    await assertEnded(t, pair, sessions)
    pair[1].moveClock()
  }
})
