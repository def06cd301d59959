import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { assertEnded } from './ended.js'
import { inRounds, ROUNDS, tally } from './rounds.js'
import { startPair } from './servers.js'

/** Seconds from the answer that was lost until the client asks again. */
const LATER = [0.1, 5, 15]

t.test(`who lost the answer gets the same one again from the other instance, ${LATER.join(', ')} s later`, async t => {
  const pair = await startPair(t)
  const sessions = await inRounds(async () => await Promise.all(LATER.map(async seconds => ({ seconds, ...await pair[0].login() }))))
  const rounds = await Promise.all(sessions.flat().map(async ({ seconds, cookie }) => {
    const lost = await pair[0].refresh(cookie)
    await wait(seconds * 1000)
    const again = await pair[1].refresh(cookie)
    const next = await pair[0].refresh(again.cookie)
    return { seconds, statuses: [lost.status, again.status, next.status], same: again.cookie === lost.cookie, profile: await pair[0].profile(again.accessToken) }
  }))
  t.same(rounds, Array(ROUNDS).fill(LATER.map(seconds => ({ seconds, statuses: [200, 200, 200], same: true, profile: 200 }))).flat())
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
