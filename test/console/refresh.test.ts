import t from 'tap'
import { bearer, build, readMails } from '../helper.js'
import { ACCESS_REQUIRED, INVALID_ACCESS, INVALID_REFRESH, invalid, login, logout, me, PASSWORD, post, refresh, register, tokensOf } from './client.js'

const WEEK = 7 * 24 * 3600

const kunci = await build(t, { CONTRACTS: '' })
const { app, clock } = kunci

async function someone (name: string) {
  return tokensOf(await register(kunci, { email: `${name}@example.com` }))
}

t.test('each refresh token is good for one rotation', async t => {
  let { refreshToken } = await someone('rotates')
  for (let rotation = 0; rotation < 3; rotation++) {
    clock.advance(3600)
    const response = await refresh(kunci, refreshToken)
    t.equal(response.statusCode, 200)
    const next = tokensOf(response)
    t.strictSame(response.json(), { status: true, message: 'Token refreshed successfully', data: { token: next.accessToken, refreshToken: next.refreshToken, expiresIn: 3600 } })
    t.not(next.refreshToken, refreshToken)
    t.equal((await me(kunci, next.accessToken)).statusCode, 200)
    refreshToken = next.refreshToken
  }
})

t.test('within the grace a replaced token gets the same successor; after it the session ends and the account is told', async t => {
  const { refreshToken } = await someone('replays')
  const other = await login(kunci, 'replays@example.com')
  const next = tokensOf(await refresh(kunci, refreshToken))
  clock.advance(29)
  t.equal(tokensOf(await refresh(kunci, refreshToken)).refreshToken, next.refreshToken)
  clock.advance(1)
  const replay = await refresh(kunci, refreshToken)
  t.equal(replay.statusCode, 401)
  t.strictSame(replay.json(), INVALID_REFRESH)
  t.strictSame((await refresh(kunci, next.refreshToken)).json(), INVALID_REFRESH)
  t.strictSame((await me(kunci, next.accessToken)).json(), INVALID_ACCESS)
  t.equal((await refresh(kunci, other.refreshToken)).statusCode, 200)
  t.equal((await readMails(kunci)).filter(mail => mail.to === 'replays@example.com' && mail.subject === 'One of your devices was signed out').length, 1)
})

t.test('the session ends after seven days', async t => {
  const { refreshToken } = await someone('week')
  clock.advance(WEEK - 1)
  const last = await refresh(kunci, refreshToken)
  t.equal(last.statusCode, 200)
  t.equal(last.json().data.expiresIn, 1, 'no access token outlives its session')
  clock.advance(1)
  const response = await refresh(kunci, tokensOf(last).refreshToken)
  t.equal(response.statusCode, 401)
  t.strictSame(response.json(), INVALID_REFRESH)
  t.strictSame((await me(kunci, tokensOf(last).accessToken)).json(), INVALID_ACCESS)
})

t.test('what is no refresh token of this contract is refused and ends nothing', async t => {
  await app.inject({ method: 'POST', url: '/signin/auth/signup', payload: { email: 'forged@example.com', username: 'forged', password: PASSWORD, name: 'John Doe' } })
  const { accessToken, refreshToken } = await login(kunci, 'forged@example.com')
  const signin = (await app.inject({ method: 'POST', url: '/signin/auth/signin', payload: { username: 'forged', password: PASSWORD } })).json()
  const member = (await app.inject({ method: 'POST', url: '/member/api/auth/login', payload: { username: 'forged', password: PASSWORD } })).json().data
  const tokens: Record<string, string> = {
    'the access token': accessToken,
    "signin's refresh token": signin.refreshToken,
    "member's refresh token": member.refresh_token,
    'one that was changed': (refreshToken.startsWith('A') ? 'B' : 'A') + refreshToken.slice(1),
    'one that was cut': refreshToken.slice(0, -1),
    'one with white space': ` ${refreshToken}`,
    garbage: 'x'
  }
  for (const [name, token] of Object.entries(tokens)) {
    t.type(token, 'string', name)
    const response = await refresh(kunci, token)
    t.equal(response.statusCode, 401, name)
    t.strictSame(response.json(), INVALID_REFRESH, name)
  }
  t.equal((await refresh(kunci, refreshToken)).statusCode, 200)
  t.equal((await app.inject({ method: 'POST', url: '/signin/auth/refresh', payload: { refreshToken: signin.refreshToken } })).statusCode, 200)
})

t.test('the refresh token must be a text in its field', async t => {
  const { refreshToken } = await someone('field')
  const cases: Array<[object, string[]]> = [
    [{}, ['refreshToken is required']],
    [{ refreshToken: '' }, ['refreshToken is required']],
    [{ refreshToken: null }, ['refreshToken must be a string']],
    [{ refreshToken: [refreshToken] }, ['refreshToken must be a string']],
    [{ refresh_token: refreshToken }, ['refreshToken is required', 'refresh_token is not allowed']]
  ]
  for (const [payload, errors] of cases) {
    const response = await post(kunci, 'refresh', payload)
    t.equal(response.statusCode, 400, errors.join())
    t.strictSame(response.json(), invalid(...errors), errors.join())
  }
  const cookie = await app.inject({ method: 'POST', url: '/api/auth/refresh', headers: { cookie: `refresh_token=${refreshToken}` } })
  t.strictSame(cookie.json(), invalid('refreshToken is required'), 'a cookie is not taken')
})

t.test('logging out kills the access and the refresh token, and no other session', async t => {
  const leaving = await someone('leaves')
  const staying = await login(kunci, 'leaves@example.com')
  const response = await logout(kunci, leaving.accessToken)
  t.equal(response.statusCode, 200)
  t.strictSame(response.json(), { status: true, message: 'Logout successful', data: null })
  t.strictSame((await me(kunci, leaving.accessToken)).json(), INVALID_ACCESS)
  const refused = await refresh(kunci, leaving.refreshToken)
  t.equal(refused.statusCode, 401)
  t.strictSame(refused.json(), INVALID_REFRESH)
  const repeated = await logout(kunci, leaving.accessToken)
  t.equal(repeated.statusCode, 401)
  t.strictSame(repeated.json(), INVALID_ACCESS)
  t.equal((await me(kunci, staying.accessToken)).statusCode, 200)
  t.equal((await refresh(kunci, staying.refreshToken)).statusCode, 200)
})

t.test('logging out takes a bearer token and nothing else', async t => {
  const { accessToken, refreshToken } = await someone('stays')
  const without = await app.inject({ method: 'POST', url: '/api/auth/logout' })
  t.equal(without.statusCode, 401)
  t.strictSame(without.json(), ACCESS_REQUIRED)
  t.strictSame((await logout(kunci, refreshToken)).json(), INVALID_ACCESS)
  t.strictSame((await post(kunci, 'logout', { refreshToken }, bearer(accessToken))).json(), invalid('refreshToken is not allowed'))
  t.equal((await me(kunci, accessToken)).statusCode, 200)
})

t.test('LIFETIMES rules, and what is said of it never reaches beyond the end of the session', async t => {
  const kunci = await build(t, { CONTRACTS: '', LIFETIMES: 'console=60/120' })
  const registered = await register(kunci)
  t.equal(registered.json().data.expiresIn, 60)
  const { accessToken, refreshToken } = tokensOf(registered)
  kunci.clock.advance(59)
  t.equal((await me(kunci, accessToken)).statusCode, 200)
  kunci.clock.advance(1)
  t.strictSame((await me(kunci, accessToken)).json(), INVALID_ACCESS)
  const whole = await refresh(kunci, refreshToken)
  t.equal(whole.json().data.expiresIn, 60)
  kunci.clock.advance(30)
  const half = await refresh(kunci, tokensOf(whole).refreshToken)
  t.equal(half.json().data.expiresIn, 30)
  kunci.clock.advance(29)
  t.equal((await me(kunci, tokensOf(half).accessToken)).statusCode, 200)
  kunci.clock.advance(1)
  t.strictSame((await me(kunci, tokensOf(half).accessToken)).json(), INVALID_ACCESS)
  t.strictSame((await refresh(kunci, tokensOf(half).refreshToken)).json(), INVALID_REFRESH)
  t.equal((await post(kunci, 'login', { email: 'john.doe@example.com', password: PASSWORD })).json().data.expiresIn, 60)
})
