import { randomUUID } from 'node:crypto'
import t from 'tap'
import { bearer, build, mailedToken } from '../helper.js'
import { login, profile, refresh, refusedSoon, register, registerVerified } from '../outlet/client.js'
import { byInjection, events, forged, holderOf, logged, resigned, written } from './refusals.js'

const REFUSED = { status: 401, message: 'Invalid or expired token' }
const PROBLEM = { problem: 'invalid_access_token', detail: undefined }
const DAYS = 24 * 3600

async function signedIn (t: Parameters<typeof build>[0]) {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { accessToken, cookie } = await login(kunci)
  const { user_id: account, session_id: session } = holderOf(accessToken)
  const row = { ...byInjection, contract: 'outlet', user_id: account, session_id: session, token_kind: 'access' }
  const refuses = async (token: string) => {
    const response = await profile(kunci, token)
    t.equal(response.statusCode, 401)
    t.strictSame(response.json(), REFUSED)
  }
  return { kunci, accessToken, cookie, account, session, row, refuses }
}

t.test('expired while its session goes on it is refused in the log alone, since a refresh renews it', async t => {
  const { kunci, accessToken, cookie, account, session, refuses } = await signedIn(t)
  kunci.clock.advance(900)
  await refuses(accessToken)
  t.equal((await refresh(kunci, cookie)).statusCode, 200)
  await refuses(accessToken)
  t.strictSame(logged(kunci), Array(2).fill({ ...PROBLEM, reason: 'expired', account, session }))
  t.strictSame(await events(kunci), [])
})

t.test('expired after the end of its session it is an event', async t => {
  const { kunci, accessToken, account, session, row, refuses } = await signedIn(t)
  kunci.clock.advance(3 * DAYS)
  await refuses(accessToken)
  t.strictSame(logged(kunci), [{ ...PROBLEM, reason: 'expired', account, session }])
  t.strictSame(await events(kunci), [{ ...row, reason: 'expired', created_at: kunci.clock.now }])
})

t.test('so it is when its session was ended, or removed long after', async t => {
  for (const ending of ["update sessions set revoked_at = '2026-01-05', revoked_reason = 'logout'", 'delete from sessions']) {
    const { kunci, accessToken, row, refuses } = await signedIn(t)
    kunci.clock.advance(900)
    await kunci.sql.unsafe(ending)
    await refuses(accessToken)
    t.strictSame(await events(kunci), [{ ...row, reason: 'expired', created_at: kunci.clock.now }])
  }
})

t.test('a session that went on is looked at again after a minute', async t => {
  const { kunci, accessToken, session, row, refuses } = await signedIn(t)
  kunci.clock.advance(3 * DAYS - 30)
  let others = 0
  for (const seconds of [0, 45, 15]) {
    kunci.clock.advance(seconds)
    await refuses(accessToken)
    await refuses(resigned(kunci, accessToken, { sid: randomUUID(), aud: 'signin' }))
    await written(kunci, ++others)
  }
  t.strictSame((await events(kunci)).filter(event => event.session_id === session), [{ ...row, reason: 'expired', created_at: kunci.clock.now }])
})

t.test('revoked with its session it is an event, with who came with it', async t => {
  const { kunci, accessToken, account, session, row } = await signedIn(t)
  await kunci.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(accessToken) })
  kunci.clock.advance(60)
  await kunci.app.inject({ url: '/auth/profile', remoteAddress: '203.0.113.7', headers: { ...bearer(accessToken), 'user-agent': 'Stranger/1.0' } })
  t.strictSame(logged(kunci), [{ ...PROBLEM, reason: 'revoked', account, session }])
  t.strictSame(await events(kunci), [{ ...row, reason: 'revoked', ip: '203.0.113.7', user_agent: 'Stranger/1.0', created_at: kunci.clock.now }])
})

t.test('revoked with its account it is an event; with its roles it is none, since its session goes on', async t => {
  const disabled = await signedIn(t)
  await disabled.kunci.sql`update users set disabled_at = '2026-01-05'`
  t.ok(await refusedSoon(disabled.kunci, disabled.accessToken))
  t.strictSame(logged(disabled.kunci), [{ ...PROBLEM, reason: 'revoked', detail: 'account changed', account: disabled.account, session: disabled.session }])
  t.strictSame(await events(disabled.kunci), [{ ...disabled.row, reason: 'revoked', created_at: disabled.kunci.clock.now }])

  const changed = await signedIn(t)
  await changed.kunci.sql`update roles set permissions = '{users.read}' where name = 'user'`
  t.ok(await refusedSoon(changed.kunci, changed.accessToken))
  t.strictSame(logged(changed.kunci), [{ ...PROBLEM, reason: 'revoked', detail: 'roles changed', account: changed.account, session: changed.session }])
  t.strictSame(await events(changed.kunci), [])
})

t.test('of another contract, issuer or purpose it is foreign, and one event', async t => {
  const { kunci, accessToken, cookie, account, session, row, refuses } = await signedIn(t)
  await refuses(resigned(kunci, accessToken, { aud: 'donation' }))
  await refuses(resigned(kunci, accessToken, { iss: 'http://elsewhere.test' }))
  await refuses(cookie)
  const foreign = { ...PROBLEM, reason: 'foreign', account, session }
  t.strictSame(logged(kunci), [
    { ...foreign, detail: 'audience donation' },
    { ...foreign, detail: 'another issuer' },
    { ...foreign, detail: 'refresh:outlet' }
  ])
  t.strictSame(await events(kunci), [{ ...row, reason: 'foreign', created_at: kunci.clock.now }])
})

t.test('a mailed token in its place is foreign too; its event names the account and no session', async t => {
  const { kunci, account, row, refuses } = await signedIn(t)
  await register(kunci, { email: 'budi@example.com', username: 'budi' })
  await refuses(await mailedToken(kunci, 'siti@example.com'))
  await refuses(await mailedToken(kunci, 'budi@example.com'))
  const [budi] = await kunci.sql<Array<{ id: string }>>`select id from users where username = 'budi'`
  const foreign = { ...PROBLEM, reason: 'foreign', detail: 'verify-email', session: undefined }
  t.strictSame(logged(kunci), [{ ...foreign, account }, { ...foreign, account: budi?.id }])
  const event = { ...row, session_id: null, reason: 'foreign', created_at: kunci.clock.now }
  t.strictSame(await events(kunci), [event, { ...event, user_id: budi?.id }])
})

t.test('malformed or forged it names nobody, and is no event', async t => {
  const { kunci, accessToken, cookie, refuses } = await signedIn(t)
  const [header = '', payload = '', signature = ''] = accessToken.split('.')
  const unknownKey = Buffer.from(JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: 'unknown' })).toString('base64url')
  await refuses('x')
  await refuses(forged(accessToken, { exp: 1 }))
  await refuses(`${unknownKey}.${payload}.${signature}`)
  await refuses(`${header}.${payload}.${signature}=`)
  await refuses((cookie.startsWith('A') ? 'B' : 'A') + cookie.slice(1))
  t.strictSame(logged(kunci).map(line => ({ ...line, detail: undefined })), Array(5).fill({ ...PROBLEM, reason: 'malformed', account: undefined, session: undefined }))
  t.strictSame(await events(kunci), [])
})

t.test('a token that an endpoint can do without is passed over without a word', async t => {
  const { kunci, accessToken } = await signedIn(t)
  await register(kunci, { email: 'budi@example.com', username: 'budi' })
  const token = await mailedToken(kunci, 'budi@example.com')
  await kunci.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(accessToken) })
  t.equal((await kunci.app.inject({ method: 'POST', url: '/auth/verify', headers: bearer(accessToken), payload: { token } })).statusCode, 200)
  t.strictSame(logged(kunci), [])
  t.strictSame(await events(kunci), [])
})
