import t from 'tap'
import { build, readMails } from '../helper.js'
import { cookieOf, login, profile, refresh, registerVerified } from './client.js'

const REFUSED = { status: 401, message: 'Invalid refresh token' }

t.test('each refresh token is good for one rotation, and its successor for the next', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  let { cookie } = await login(kunci)
  const seen = new Set([cookie])
  for (let rotation = 0; rotation < 5; rotation++) {
    const response = await refresh(kunci, cookie)
    t.equal(response.statusCode, 200)
    cookie = cookieOf(response)
    t.equal((await profile(kunci, response.json().access_token)).statusCode, 200)
    seen.add(cookie)
  }
  t.equal(seen.size, 6)
  const [session] = await kunci.sql`select generation, revoked_at from sessions`
  t.same(session, { generation: 6, revoked_at: null })
})

t.test('the token before the current one gets the same successor again within the grace, and nothing moves', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { cookie } = await login(kunci)
  const first = await refresh(kunci, cookie)
  kunci.clock.advance(29)
  const again = await refresh(kunci, cookie)
  t.equal(again.statusCode, 200)
  t.equal(cookieOf(again), cookieOf(first))
  t.equal((await refresh(kunci, cookieOf(first))).statusCode, 200)
  const [session] = await kunci.sql`select generation from sessions`
  t.same(session, { generation: 3 })
})

t.test('the grace is over with the first use of the successor', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { cookie } = await login(kunci)
  const successor = cookieOf(await refresh(kunci, cookie))
  const current = cookieOf(await refresh(kunci, successor))

  const replay = await refresh(kunci, cookie)
  t.equal(replay.statusCode, 401)
  t.same(replay.json(), REFUSED)
  t.same(replay.cookies, [], 'a failed refresh leaves the cookie alone')
  t.equal((await refresh(kunci, current)).statusCode, 401, 'the whole session is revoked')
})

t.test('a replay after the grace revokes the session, is recorded and told to the account once', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { cookie } = await login(kunci)
  const rotated = await refresh(kunci, cookie)
  kunci.clock.advance(30)

  t.same((await refresh(kunci, cookie)).json(), REFUSED)
  t.same((await refresh(kunci, cookie)).json(), REFUSED)
  t.equal((await refresh(kunci, cookieOf(rotated))).statusCode, 401)
  t.equal((await profile(kunci, rotated.json().access_token)).statusCode, 401, 'its access token is dead at once')

  const [session] = await kunci.sql`select revoked_reason from sessions`
  t.same(session, { revoked_reason: 'replay' })
  t.same(await kunci.sql`select type, reason from audit_events where type = 'session.replayed'`, [{ type: 'session.replayed', reason: 'replay' }])
  const notices = (await readMails(kunci)).filter(mail => mail.subject === 'One of your devices was signed out')
  t.same(notices.map(mail => mail.to), ['siti@example.com'])
})

t.test('another session of the account goes on after a replay', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const stolen = await login(kunci)
  const other = await login(kunci)
  await refresh(kunci, stolen.cookie)
  kunci.clock.advance(60)
  await refresh(kunci, stolen.cookie)
  t.equal((await refresh(kunci, other.cookie)).statusCode, 200)
})

t.test('the end of a session is absolute: refreshing never moves it', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  let { cookie } = await login(kunci)
  for (let hours = 0; hours < 71; hours++) {
    kunci.clock.advance(3600)
    cookie = cookieOf(await refresh(kunci, cookie))
  }
  kunci.clock.advance(3599)
  const last = await refresh(kunci, cookie)
  t.equal(last.statusCode, 200)
  t.equal(last.cookies[0]?.['maxAge'], 1)
  t.equal((await profile(kunci, last.json().access_token)).statusCode, 200)
  kunci.clock.advance(1)
  t.same((await refresh(kunci, cookieOf(last))).json(), REFUSED)
  t.equal((await profile(kunci, last.json().access_token)).statusCode, 401, 'no access token outlives its session')
})

t.test('LIFETIMES and REFRESH_GRACE are what rules', async t => {
  const kunci = await build(t, { LIFETIMES: 'outlet=5/60', REFRESH_GRACE: '2' })
  await registerVerified(kunci)
  const { accessToken, cookie } = await login(kunci)
  kunci.clock.advance(5)
  t.equal((await profile(kunci, accessToken)).statusCode, 401)
  await refresh(kunci, cookie)
  kunci.clock.advance(1)
  t.equal((await refresh(kunci, cookie)).statusCode, 200)
  kunci.clock.advance(1)
  t.equal((await refresh(kunci, cookie)).statusCode, 401)
})

t.test('a restart forgets nothing: rotation, grace and replay are the same afterwards', async t => {
  const before = await build(t)
  await registerVerified(before)
  const { cookie } = await login(before)
  const successor = cookieOf(await refresh(before, cookie))
  await before.app.close()

  const after = await build(t, {}, before)
  t.equal(cookieOf(await refresh(after, cookie)), successor)
  t.equal((await refresh(after, successor)).statusCode, 200)
  t.equal((await refresh(after, cookie)).statusCode, 401)
})

t.test('a token ahead of its row, as after a restored backup, is taken and the row catches up', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  let { cookie } = await login(kunci)
  for (let rotation = 0; rotation < 4; rotation++) cookie = cookieOf(await refresh(kunci, cookie))
  await kunci.sql`update sessions set generation = 2`
  const response = await refresh(kunci, cookie)
  t.equal(response.statusCode, 200)
  t.same(await kunci.sql`select generation from sessions`, [{ generation: 6 }])
  t.equal((await refresh(kunci, cookieOf(response))).statusCode, 200)
})

t.test('without, with a forged or with a foreign cookie there is no refresh', async t => {
  const kunci = await build(t)
  const other = await build(t, { AUTH_SECRET: 'another installation and its secret of 32 bytes' })
  await registerVerified(kunci)
  await registerVerified(other)
  const { cookie, accessToken } = await login(kunci)
  const foreign = (await login(other)).cookie
  const flipped = (cookie.startsWith('A') ? 'B' : 'A') + cookie.slice(1)
  for (const forged of ['', 'x', flipped, cookie.slice(0, -1), `${cookie}A`, foreign, accessToken, 'A'.repeat(4096)]) {
    const response = await refresh(kunci, forged)
    t.equal(response.statusCode, 401)
    t.same(response.json(), REFUSED)
    t.same(response.cookies, [])
  }
  const without = await kunci.app.inject({ method: 'POST', url: '/auth/refresh' })
  t.same(without.json(), REFUSED)
  t.equal((await refresh(kunci, cookie)).statusCode, 200)
})

t.test('a refresh token in a body is not taken', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { cookie } = await login(kunci)
  const response = await kunci.app.inject({ method: 'POST', url: '/auth/refresh', payload: { refresh_token: cookie } })
  t.equal(response.statusCode, 400)
  t.same(response.json(), { status: 400, message: 'Validation failed', errors: ['refresh_token is not allowed'] })
})

t.test('a disabled account does not refresh, and its access token is dead', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { cookie, accessToken } = await login(kunci)
  await kunci.sql`update users set disabled_at = now()`
  t.same((await refresh(kunci, cookie)).json(), REFUSED)
  t.equal((await profile(kunci, accessToken)).statusCode, 401)
})

t.test('of several cookies of the name the first that is good wins', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const send = async (...cookies: string[]) => await kunci.app.inject({
    method: 'POST', url: '/auth/refresh', headers: { cookie: cookies.map(cookie => `refresh_token=${cookie}`).join('; ') }
  })

  await t.test('whatever forged or ended ones come before it', async t => {
    const ended = (await login(kunci)).cookie
    await kunci.app.inject({ method: 'POST', url: '/auth/logout', headers: { cookie: `refresh_token=${ended}` } })
    const { cookie } = await login(kunci)
    t.equal((await send('forged', ended, cookie)).statusCode, 200)
  })

  await t.test('an old token of the same session beside it is no replay', async t => {
    const { cookie: old } = await login(kunci)
    const current = cookieOf(await refresh(kunci, old))
    kunci.clock.advance(3600)
    const response = await send(old, current)
    t.equal(response.statusCode, 200)
    t.equal((await refresh(kunci, cookieOf(response))).statusCode, 200)
  })

  await t.test('an old token of another session beside it ends nothing', async t => {
    const { cookie: leftOver } = await login(kunci)
    const elsewhere = cookieOf(await refresh(kunci, leftOver))
    const { cookie } = await login(kunci)
    kunci.clock.advance(3600)
    t.equal((await send(leftOver, cookie)).statusCode, 200)
    t.equal((await refresh(kunci, elsewhere)).statusCode, 200)
  })
})

t.test('each rotation is an event with address and device', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { cookie } = await login(kunci)
  await kunci.app.inject({ method: 'POST', url: '/auth/refresh', headers: { cookie: `refresh_token=${cookie}`, 'user-agent': 'Firefox' } })
  t.same(await kunci.sql`select e.contract, e.ip, e.user_agent, e.created_at, e.session_id = s.id as of_session
    from audit_events e, sessions s where e.type = 'session.rotated'`, [
    { contract: 'outlet', ip: '127.0.0.1', user_agent: 'Firefox', created_at: kunci.clock.now, of_session: true }
  ])
})
