import t from 'tap'
import { bearer, build } from '../helper.js'
import { cookieOf, login, profile, refresh, registerVerified, type SignedIn } from './client.js'

const LOGGED_OUT = { status: 200, message: 'Logged out successfully' }
const NO_TOKEN = { status: 401, message: 'Access token required' }
const BAD_TOKEN = { status: 401, message: 'Invalid or expired token' }
const BAD_COOKIE = { status: 401, message: 'Invalid refresh token' }
const CLEARED = [{ name: 'refresh_token', value: '', expires: new Date(0), path: '/auth', httpOnly: true, secure: true, sameSite: 'Strict', maxAge: 0 }]

const kunci = await build(t)
const { app, clock, sql } = kunci

async function logout (headers: Record<string, string>, path = '/auth/logout') {
  return await app.inject({ method: 'POST', url: path, headers })
}

function carrying (cookie: string): { cookie: string } {
  return { cookie: `refresh_token=${cookie}` }
}

/** Neither of its tokens is good any more. */
async function isOver ({ accessToken, cookie }: SignedIn): Promise<boolean> {
  const answers = [await profile(kunci, accessToken), await refresh(kunci, cookie)]
  return answers.every(answer => answer.statusCode === 401)
}

/** Both of its tokens are good; rotates it. */
async function goesOn ({ accessToken, cookie }: SignedIn): Promise<boolean> {
  const answers = [await profile(kunci, accessToken), await refresh(kunci, cookie)]
  return answers.every(answer => answer.statusCode === 200)
}

t.test('a bearer token ends its session at once', async t => {
  await registerVerified(kunci, 'bearer@example.com', 'bearer')
  const session = await login(kunci, 'bearer@example.com')
  const other = await login(kunci, 'bearer@example.com')

  const response = await logout(bearer(session.accessToken))
  t.equal(response.statusCode, 200)
  t.same(response.json(), LOGGED_OUT)
  t.same(response.cookies, CLEARED)

  const shown = await profile(kunci, session.accessToken)
  t.equal(shown.statusCode, 401)
  t.same(shown.json(), BAD_TOKEN)
  const refreshed = await refresh(kunci, session.cookie)
  t.equal(refreshed.statusCode, 401)
  t.same(refreshed.json(), BAD_COOKIE)
  t.same(refreshed.cookies, [])
  t.ok(await goesOn(other), "the account's other session goes on")
})

t.test('the cookie alone ends its session', async t => {
  await registerVerified(kunci, 'cookie@example.com', 'cookie')
  const withoutBearer = await login(kunci, 'cookie@example.com')
  const first = await logout(carrying(withoutBearer.cookie))
  t.equal(first.statusCode, 200)
  t.same(first.json(), LOGGED_OUT)
  t.same(first.cookies, CLEARED)
  t.ok(await isOver(withoutBearer))

  const withExpired = await login(kunci, 'cookie@example.com')
  clock.advance(15 * 60)
  const stale = await logout(bearer(withExpired.accessToken))
  t.equal(stale.statusCode, 401, 'the access token has expired')
  t.same(stale.json(), BAD_TOKEN)
  t.same(stale.cookies, [])
  const second = await logout({ ...bearer(withExpired.accessToken), ...carrying(withExpired.cookie) })
  t.equal(second.statusCode, 200)
  t.same(second.json(), LOGGED_OUT)
  t.same(second.cookies, CLEARED)
  t.same((await refresh(kunci, withExpired.cookie)).json(), BAD_COOKIE)
})

t.test('of several cookies of the name the live ones count', async t => {
  await registerVerified(kunci, 'several@example.com', 'several')
  const ended = await login(kunci, 'several@example.com')
  await logout(bearer(ended.accessToken))
  const live = await login(kunci, 'several@example.com')

  const response = await logout({ cookie: `refresh_token=forged; refresh_token=${ended.cookie}; refresh_token=${live.cookie}` })
  t.equal(response.statusCode, 200)
  t.same(response.json(), LOGGED_OUT)
  t.ok(await isOver(live))
})

t.test('who brings nothing good is refused, and the cookie is left as it is', async t => {
  await registerVerified(kunci, 'refused@example.com', 'refused')
  const session = await login(kunci, 'refused@example.com')
  const ended = await login(kunci, 'refused@example.com')
  await logout(bearer(ended.accessToken))
  const forgedCookie = session.cookie.slice(0, -2) + (session.cookie.endsWith('AA') ? 'BB' : 'AA')
  const forgedToken = session.accessToken.slice(0, -4) + (session.accessToken.endsWith('AAAA') ? 'BBBB' : 'AAAA')

  const attempts: Record<string, [Record<string, string>, object]> = {
    nothing: [{}, NO_TOKEN],
    'a cookie of another name': [{ cookie: `refresh=${session.cookie}` }, NO_TOKEN],
    'a forged cookie': [carrying(forgedCookie), BAD_COOKIE],
    'a cookie of garbage': [carrying('garbage'), BAD_COOKIE],
    'an empty cookie': [carrying(''), BAD_COOKIE],
    'the cookie of a session that ended': [carrying(ended.cookie), BAD_COOKIE],
    'an access token as the cookie': [carrying(session.accessToken), BAD_COOKIE],
    'a forged access token': [bearer(forgedToken), BAD_TOKEN],
    'the access token of a session that ended': [bearer(ended.accessToken), BAD_TOKEN],
    'the cookie as the access token': [bearer(session.cookie), BAD_TOKEN],
    'a forged token and a forged cookie': [{ ...bearer(forgedToken), ...carrying(forgedCookie) }, BAD_TOKEN]
  }
  for (const [name, [headers, body]] of Object.entries(attempts)) {
    const response = await logout(headers)
    t.equal(response.statusCode, 401, name)
    t.same(response.json(), body, name)
    t.same(response.cookies, [], name)
  }
  t.ok(await goesOn(session))
})

t.test('a forged cookie beside a good bearer token does no harm', async t => {
  await registerVerified(kunci, 'beside@example.com', 'beside')
  const session = await login(kunci, 'beside@example.com')
  const response = await logout({ ...bearer(session.accessToken), ...carrying('forged') })
  t.equal(response.statusCode, 200)
  t.same(response.json(), LOGGED_OUT)
  t.same(response.cookies, CLEARED)
  t.ok(await isOver(session))
})

t.test('logging out again is refused', async t => {
  await registerVerified(kunci, 'again@example.com', 'again')
  const session = await login(kunci, 'again@example.com')
  t.equal((await logout(bearer(session.accessToken))).statusCode, 200)

  const repetitions: Array<[Record<string, string>, object]> = [
    [bearer(session.accessToken), BAD_TOKEN],
    [carrying(session.cookie), BAD_COOKIE],
    [{ ...bearer(session.accessToken), ...carrying(session.cookie) }, BAD_TOKEN]
  ]
  for (const [headers, body] of repetitions) {
    const response = await logout(headers)
    t.equal(response.statusCode, 401)
    t.same(response.json(), body)
    t.same(response.cookies, [])
  }
})

t.test('a bearer token and the cookie of another session end both', async t => {
  await registerVerified(kunci, 'both@example.com', 'both')
  await registerVerified(kunci, 'neighbour@example.com', 'neighbour')
  const mine = await login(kunci, 'both@example.com')
  const second = await login(kunci, 'both@example.com')
  const untouched = await login(kunci, 'both@example.com')
  const response = await logout({ ...bearer(mine.accessToken), ...carrying(second.cookie) })
  t.equal(response.statusCode, 200)
  t.same(response.json(), LOGGED_OUT)
  t.same(response.cookies, CLEARED)
  t.ok(await isOver(mine))
  t.ok(await isOver(second))

  const theirs = await login(kunci, 'neighbour@example.com')
  t.equal((await logout({ ...bearer(theirs.accessToken), ...carrying(untouched.cookie) })).statusCode, 200)
  t.ok(await isOver(theirs))
  t.ok(await isOver(untouched))
})

t.test('a session that was refreshed ends with all that was made of it', async t => {
  await registerVerified(kunci, 'refreshed@example.com', 'refreshed')
  const first = await login(kunci, 'refreshed@example.com')
  const response = await refresh(kunci, first.cookie)
  const next = { accessToken: response.json().access_token, cookie: cookieOf(response) }
  t.equal((await logout(bearer(first.accessToken))).statusCode, 200)
  t.ok(await isOver(first))
  t.ok(await isOver(next))
})

t.test('logging out of all ends every session of the account, in all contracts, and of nobody else', async t => {
  await registerVerified(kunci, 'all@example.com', 'all')
  await registerVerified(kunci, 'bystander@example.com', 'bystander')
  const sessions = [await login(kunci, 'all@example.com'), await login(kunci, 'all@example.com'), await login(kunci, 'all@example.com')]
  const bystander = await login(kunci, 'bystander@example.com')
  await sql`insert into sessions (user_id, id, contract, generation, created_at, rotated_at, expires_at, device)
    select id, '0198b0f0-0000-7000-8000-000000000001', 'console', 1, ${clock.now}, ${clock.now}, ${new Date(clock.now.getTime() + 3_600_000)}, 'desktop' from users where email = 'all@example.com'`

  const [asking] = sessions
  const response = await logout({ ...bearer(asking?.accessToken ?? ''), ...carrying(asking?.cookie ?? '') }, '/auth/logout/all')
  t.equal(response.statusCode, 200)
  t.same(response.json(), LOGGED_OUT)
  t.same(response.cookies, CLEARED)
  for (const session of sessions) t.ok(await isOver(session))
  t.same(await sql`select 1 from sessions join users on users.id = user_id where email = 'all@example.com' and revoked_at is null`, [])
  t.ok(await goesOn(bystander))

  const repeated = await logout(bearer(asking?.accessToken ?? ''), '/auth/logout/all')
  t.equal(repeated.statusCode, 401)
  t.same(repeated.json(), BAD_TOKEN)
  t.same(repeated.cookies, [])
})

t.test('logging out of all takes an access token, not the cookie alone', async t => {
  await registerVerified(kunci, 'token@example.com', 'token')
  const session = await login(kunci, 'token@example.com')
  const response = await logout(carrying(session.cookie), '/auth/logout/all')
  t.equal(response.statusCode, 401)
  t.same(response.json(), NO_TOKEN)
  t.same(response.cookies, [])
  t.ok(await goesOn(session))
})
