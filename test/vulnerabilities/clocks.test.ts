import t, { type Test } from 'tap'
import { bearer, build, type Kunci, TestClock } from '../helper.js'
import { cookieOf, login, profile, refresh, refusedSoon, registerVerified } from '../outlet/client.js'

const HOUR = 3600

/** Two instances on one database; the clock of the second is an hour ahead. */
async function anHourApart (t: Test, env: Record<string, string> = {}): Promise<{ one: Kunci, ahead: Kunci }> {
  const one = await build(t, env)
  await registerVerified(one)
  const clock = new TestClock()
  clock.advance(HOUR)
  return { one, ahead: await build(t, env, { databaseUrl: one.databaseUrl, clock }) }
}

async function logout (kunci: Kunci, accessToken: string): Promise<void> {
  await kunci.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(accessToken) })
}

t.test('a session that ended here is over on an instance whose clock is an hour ahead, and stays so when it is set back', async t => {
  const { one, ahead } = await anHourApart(t)
  const { accessToken } = await login(ahead)
  t.equal((await profile(one, accessToken)).statusCode, 200)
  await logout(one, accessToken)
  t.equal((await profile(one, accessToken)).statusCode, 401)
  t.ok(await refusedSoon(ahead, accessToken))
  ahead.clock.advance(-HOUR)
  t.equal((await profile(ahead, accessToken)).statusCode, 401)
})

t.test('a token that lives longer here, since it was issued ahead, is over for an instance that starts later', async t => {
  const { one, ahead } = await anHourApart(t)
  const { accessToken } = await login(ahead)
  await logout(one, accessToken)
  one.clock.advance(1200)
  await one.sql`update revocations set created_at = created_at - interval '20 minutes'`
  const late = await build(t, {}, one)
  t.equal((await profile(late, accessToken)).statusCode, 401)
})

t.test('a clock that is set an hour ahead or back signs nobody out', async t => {
  for (const seconds of [HOUR, -HOUR]) {
    const kunci = await build(t)
    await registerVerified(kunci)
    const current = cookieOf(await refresh(kunci, (await login(kunci)).cookie))
    kunci.clock.advance(seconds)
    const refreshed = await refresh(kunci, current)
    t.equal(refreshed.statusCode, 200)
    t.equal((await profile(kunci, refreshed.json().access_token)).statusCode, 200)
    kunci.clock.advance(-seconds)
    t.equal((await refresh(kunci, cookieOf(refreshed))).statusCode, 200)
  }
})

t.test('a session that ended while the clock was an hour ahead has ended when it is set back', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const signedOut = await login(kunci)
  const replayed = await login(kunci)
  const successor = await refresh(kunci, replayed.cookie)
  kunci.clock.advance(HOUR)
  await logout(kunci, (await refresh(kunci, signedOut.cookie)).json().access_token)
  t.equal((await refresh(kunci, replayed.cookie)).statusCode, 401)
  kunci.clock.advance(-HOUR)
  for (const token of [signedOut.accessToken, replayed.accessToken, successor.json().access_token]) t.equal((await profile(kunci, token)).statusCode, 401)
  for (const cookie of [signedOut.cookie, replayed.cookie, cookieOf(successor)]) t.equal((await refresh(kunci, cookie)).statusCode, 401)
})

t.test('an instance whose clock is an hour ahead removes no key whose tokens are alive elsewhere', async t => {
  const lifetimes = 'outlet=900/3600,console=900/3600,donation=900,member=900/3600,signin=900/3600'
  const { one, ahead } = await anHourApart(t, { LIFETIMES: lifetimes, KEY_MAX_AGE: '86400' })
  one.clock.advance(86_400)
  await one.app.keys.reload()
  one.clock.advance(359)
  const { accessToken } = await login(one)
  one.clock.advance(1)
  ahead.clock.advance(86_760)
  await ahead.app.keys.reload()
  await one.app.keys.reload()
  t.equal((await profile(one, accessToken)).statusCode, 200)
})
