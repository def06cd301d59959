import t from 'tap'
import { build, mailedToken } from '../helper.js'
import { cookieOf, login, PASSWORD, refresh, register, registerVerified } from '../outlet/client.js'
import { byInjection, events, holderOf, logged, written } from './refusals.js'

const REFUSED = { status: 401, message: 'Invalid refresh token' }
const PROBLEM = { problem: 'invalid_refresh_token', detail: undefined }
const DAYS = 24 * 3600

async function signedIn (t: Parameters<typeof build>[0], env: Record<string, string> = {}) {
  const kunci = await build(t, env)
  await registerVerified(kunci)
  const { accessToken, cookie } = await login(kunci)
  const { user_id: account, session_id: session } = holderOf(accessToken)
  const row = { ...byInjection, contract: 'outlet', user_id: account, session_id: session, token_kind: 'refresh' }
  const refuses = async (...cookies: string[]) => {
    const response = await kunci.app.inject({ method: 'POST', url: '/auth/refresh', headers: { cookie: cookies.map(cookie => `refresh_token=${cookie}`).join('; ') } })
    t.equal(response.statusCode, 401)
    t.strictSame(response.json(), REFUSED)
    t.strictSame(response.cookies, [])
  }
  const signOut = async (cookie: string) => await kunci.app.inject({ method: 'POST', url: '/auth/logout', headers: { cookie: `refresh_token=${cookie}` } })
  return { kunci, accessToken, cookie, account, session, row, refuses, signOut }
}

t.test('expired with its session it is an event', async t => {
  const { kunci, cookie, account, session, row, refuses } = await signedIn(t)
  kunci.clock.advance(3 * DAYS)
  await refuses(cookie)
  t.strictSame(logged(kunci), [{ ...PROBLEM, reason: 'expired', account, session }])
  t.strictSame(await events(kunci), [{ ...row, reason: 'expired', created_at: kunci.clock.now }])
})

t.test('revoked it is one event, the first time, and the log says how', async t => {
  const { kunci, cookie, account, session, row, refuses, signOut } = await signedIn(t)
  t.equal((await signOut(cookie)).statusCode, 200)
  kunci.clock.advance(1)
  await refuses(cookie)
  await written(kunci, 1)
  const first = kunci.clock.now
  kunci.clock.advance(60)
  await kunci.sql`update sessions set revoked_at = null`
  await kunci.sql`update users set disabled_at = '2026-01-05'`
  await refuses(cookie)
  await kunci.sql`delete from users`
  await refuses(cookie)
  t.strictSame(logged(kunci), ['logout', 'disabled account', 'unknown session'].map(detail => ({ ...PROBLEM, reason: 'revoked', detail, account, session })))
  t.strictSame(await events(kunci), [{ ...row, reason: 'revoked', created_at: first }])
})

t.test('refused until the address is proven again it is no event: its session goes on', async t => {
  const { kunci, cookie, account, session, refuses } = await signedIn(t)
  await kunci.sql`update users set email_verified_at = null`
  await refuses(cookie)
  t.strictSame(logged(kunci), [{ ...PROBLEM, reason: 'revoked', detail: 'unverified email', account, session }])
  t.strictSame(await events(kunci), [])
})

t.test('replayed it has the event of a replay alone; whatever comes of its session then is revoked', async t => {
  const { kunci, cookie, account, session, row, refuses } = await signedIn(t)
  const successor = cookieOf(await refresh(kunci, cookie))
  kunci.clock.advance(30)
  await refuses(cookie)
  t.same(await kunci.sql`select type, reason, token_kind from audit_events where type in ('session.replayed', 'token.refused')`, [{ type: 'session.replayed', reason: 'replay', token_kind: null }])
  kunci.clock.advance(1)
  await refuses(successor)
  await refuses(cookie)
  t.strictSame(logged(kunci), [
    { ...PROBLEM, reason: 'replayed', account, session },
    { ...PROBLEM, reason: 'revoked', detail: 'replay', account, session },
    { ...PROBLEM, reason: 'revoked', detail: 'replay', account, session }
  ])
  t.strictSame(await events(kunci), [{ ...row, reason: 'revoked', created_at: kunci.clock.now }])
})

t.test('another token of ours in its place is foreign', async t => {
  const { kunci, accessToken, account, session, row, refuses } = await signedIn(t, { CONTRACTS: 'outlet,signin=/signin' })
  const mailed = await mailedToken(kunci, 'siti@example.com')
  const elsewhere = (await kunci.app.inject({ method: 'POST', url: '/signin/signin', payload: { username: 'siti', password: PASSWORD } })).json()
  const { session_id: other } = holderOf(elsewhere.accessToken)
  kunci.clock.advance(3600)
  await refuses(accessToken)
  await refuses(mailed)
  await refuses(elsewhere.refreshToken)
  const foreign = { ...PROBLEM, reason: 'foreign', account }
  t.strictSame(logged(kunci), [
    { ...foreign, detail: 'access token', session },
    { ...foreign, detail: 'verify-email', session: undefined },
    { ...foreign, detail: 'refresh:signin', session: other }
  ])
  const event = { ...row, reason: 'foreign', created_at: kunci.clock.now }
  t.strictSame(await events(kunci), [{ ...event, session_id: null }, event, { ...event, session_id: other }])
})

t.test('malformed or forged it names nobody, and is no event; missing it is neither', async t => {
  const { kunci, accessToken, cookie, refuses } = await signedIn(t)
  const flipped = (text: string) => (text.startsWith('A') ? 'B' : 'A') + text.slice(1)
  await refuses('')
  await refuses('x')
  await refuses(cookie.slice(0, -1))
  await refuses(flipped(cookie))
  await refuses(`${accessToken.slice(0, -20)}${'A'.repeat(20)}`)
  await kunci.app.inject({ method: 'POST', url: '/auth/refresh' })
  const line = { ...PROBLEM, account: undefined, session: undefined }
  t.strictSame(logged(kunci), [...Array(5).fill({ ...line, reason: 'malformed' }), { ...line, reason: 'missing' }])
  t.strictSame(await events(kunci), [])
})

t.test('of several cookies the gravest gives the reason, and each its event', async t => {
  const { kunci, cookie, row, refuses, signOut } = await signedIn(t)
  const spent = await login(kunci)
  const { session_id: replayed } = holderOf(spent.accessToken)
  await refresh(kunci, spent.cookie)
  const ended = await login(kunci)
  const { session_id: revoked } = holderOf(ended.accessToken)
  await signOut(ended.cookie)
  await kunci.sql`update sessions set expires_at = ${kunci.clock.now} where id = ${row.session_id}`
  kunci.clock.advance(60)
  await refuses('forged', cookie, ended.cookie, spent.cookie)
  t.strictSame(logged(kunci), [{ ...PROBLEM, reason: 'replayed', detail: 'expired, revoked (logout), replayed', account: row.user_id, session: replayed }])
  const event = { ...row, created_at: kunci.clock.now }
  t.strictSame(await events(kunci), [{ ...event, reason: 'expired' }, { ...event, session_id: revoked, reason: 'revoked' }])
})

t.test('at a sign-out by cookie the reasons are the same', async t => {
  const { kunci, cookie, account, session, row, signOut } = await signedIn(t)
  await signOut(cookie)
  kunci.clock.advance(1)
  for (const refused of [cookie, 'x']) {
    const response = await signOut(refused)
    t.equal(response.statusCode, 401)
    t.strictSame(response.json(), REFUSED)
  }
  t.strictSame(logged(kunci), [
    { ...PROBLEM, reason: 'revoked', detail: 'logout', account, session },
    { ...PROBLEM, reason: 'malformed', account: undefined, session: undefined }
  ])
  t.strictSame(await events(kunci), [{ ...row, reason: 'revoked', created_at: kunci.clock.now }])
})

t.test('a token that is passed over for a better one is no event', async t => {
  const { kunci, cookie, signOut } = await signedIn(t)
  await signOut(cookie)
  const { cookie: good } = await login(kunci)
  t.equal((await kunci.app.inject({ method: 'POST', url: '/auth/refresh', headers: { cookie: `refresh_token=${cookie}; refresh_token=${good}` } })).statusCode, 200)
  t.strictSame(logged(kunci), [])
  t.strictSame(await events(kunci), [])
})

t.test('nothing of a refused token stands in the log', async t => {
  const { kunci, accessToken, cookie, refuses, signOut } = await signedIn(t, { LOG_LEVEL: 'trace' })
  await signOut(cookie)
  await refuses(cookie)
  await refuses(accessToken)
  await refuses(`${cookie.slice(0, -4)}AAAA`)
  await kunci.app.inject({ url: '/auth/profile', headers: { authorization: `Bearer ${accessToken}` } })
  await kunci.app.inject({ url: '/auth/profile', headers: { authorization: `Bearer ${cookie}` } })
  await register(kunci, { email: 'budi@example.com', username: 'budi' })
  await refuses(await mailedToken(kunci, 'budi@example.com'))
  await kunci.app.close()
  t.equal(logged(kunci).length, 6)
  const log = kunci.log.join('')
  for (const secret of [cookie, cookie.slice(0, 60), ...accessToken.split('.')]) t.notOk(log.includes(secret), 'no part of it')
})
