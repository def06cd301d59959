import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { assertEnded } from './ended.js'
import { inRounds, ROUNDS, tally } from './rounds.js'
import { type Pair, type Refreshed, startPair } from './servers.js'

async function atOnce (pair: Pair, cookie: string, times: number): Promise<Refreshed[]> {
  return await Promise.all(Array.from({ length: times }, async (_, index) => await pair[index % 2 === 0 ? 0 : 1].refresh(cookie)))
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
