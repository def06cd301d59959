import { setTimeout as wait } from 'node:timers/promises'
import postgres from 'postgres'
import t, { type Test } from 'tap'
import { createDatabase } from '../../helper.js'
import { assertEnded } from './ended.js'
import { inRounds, ROUNDS, tally } from './rounds.js'
import { type Pair, type Refreshed, startPair } from './servers.js'

const REFUSED: Refreshed = { status: 401, cookie: '', accessToken: '' }

/** Each of the sessions that ended did so by a replay, with one event; and the account was told of each once. */
async function assertTold (t: Test, databaseUrl: string, ended: number): Promise<void> {
  const sql = postgres(databaseUrl, { max: 1 })
  const sessions = await sql`
    select s.revoked_reason, array_agg(e.type) as types, array_agg(e.reason) as reasons
    from sessions s left join audit_events e on e.session_id = s.id and e.type in ('session.replayed', 'session.revoked')
    where s.revoked_at is not null group by s.user_id, s.id`
  t.same(sessions, Array(ended).fill({ revoked_reason: 'replay', types: ['session.replayed'], reasons: ['replay'] }))
  const notices = await sql`select recipient, count(*)::int as mails from mail_outbox where kind = 'session_replayed' group by recipient`
  t.same(notices, [{ recipient: 'siti@example.com', mails: ended }])
  await sql.end()
}

/** The same spent tokens on both instances at once, so that they race for the end of the session. */
async function replay (pair: Pair, sessions: ReadonlyArray<{ cookie: string }>): Promise<Refreshed[]> {
  return await Promise.all(sessions.flatMap(({ cookie }) => pair.map(async server => await server.refresh(cookie))))
}

t.test('the token two back ends the session on both instances at once, within the grace too', async t => {
  const databaseUrl = await createDatabase(t)
  const pair = await startPair(t, { DATABASE_URL: databaseUrl })
  const current = await inRounds(async number => {
    const [here, there] = number % 2 === 0 ? pair : [pair[1], pair[0]]
    const { cookie } = await here.login()
    const successor = await there.refresh(cookie)
    const current = await here.refresh(successor.cookie)
    const replay = await there.refresh(cookie)
    t.same([successor.status, current.status, replay], [200, 200, REFUSED])
    t.equal(await there.profile(current.accessToken), 401, 'on the instance that was asked at once')
    return current
  })
  await assertEnded(t, pair, current)
  await assertTold(t, databaseUrl, ROUNDS)
})

t.test('the token just replaced ends the session 40 s later, also after a restart of both instances', async t => {
  const databaseUrl = await createDatabase(t)
  const pair = await startPair(t, { DATABASE_URL: databaseUrl })
  const begin = async () => await inRounds(async () => {
    const { cookie } = await pair[0].login()
    return { cookie, successor: await pair[1].refresh(cookie) }
  })
  const [sessions, afterRestart, untouched] = [await begin(), await begin(), await begin()]
  const successors = sessions.map(session => session.successor)
  await wait(40_000)

  t.same(await replay(pair, sessions), Array(2 * ROUNDS).fill(REFUSED))
  await assertEnded(t, pair, successors)
  await assertTold(t, databaseUrl, ROUNDS)

  for (const server of pair) await server.stop()
  for (const server of pair) await server.start()
  t.same(await replay(pair, afterRestart), Array(2 * ROUNDS).fill(REFUSED))
  await assertEnded(t, pair, [...successors, ...afterRestart.map(session => session.successor)])
  await assertTold(t, databaseUrl, 2 * ROUNDS)

  t.same(tally(await Promise.all(untouched.map(async ({ successor }) => (await pair[0].refresh(successor.cookie)).status))), { 200: ROUNDS }, 'other sessions of the account go on')
})
