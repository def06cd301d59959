import t from 'tap'
import { bearer, build, readMails } from '../helper.js'
import { ACCESS_REQUIRED, INVALID_ACCESS, INVALID_REFRESH, login, logout, PASSWORD, post, profile, refresh, refusal, signUp, someone } from './client.js'

const WEEK = 7 * 24 * 3600

const kunci = await build(t, { CONTRACTS: '' })
const { app, clock } = kunci

t.test('an access token is good for 15 minutes, and a refresh brings the next', async t => {
  await someone(kunci, 'minutes')
  const { accessToken, refreshToken } = await login(kunci, 'minutes')
  clock.advance(15 * 60 - 1)
  t.equal((await profile(kunci, accessToken)).statusCode, 200)
  clock.advance(1)
  const expired = await profile(kunci, accessToken)
  t.equal(expired.statusCode, 401)
  t.strictSame(expired.json(), INVALID_ACCESS)

  const response = await refresh(kunci, refreshToken)
  t.equal(response.statusCode, 200)
  const next = response.json()
  t.same(next, { accessToken: next.accessToken, refreshToken: next.refreshToken })
  t.same(response.cookies, [])
  t.not(next.refreshToken, refreshToken)
  t.equal((await profile(kunci, next.accessToken)).statusCode, 200)
})

t.test('the session ends after seven days, however often it was refreshed', async t => {
  await someone(kunci, 'week')
  const { refreshToken } = await login(kunci, 'week')
  clock.advance(WEEK / 2)
  const half = (await refresh(kunci, refreshToken)).json()
  clock.advance(WEEK / 2 - 1)
  const last = (await refresh(kunci, half.refreshToken)).json()
  t.equal((await profile(kunci, last.accessToken)).statusCode, 200)
  clock.advance(1)
  const response = await refresh(kunci, last.refreshToken)
  t.equal(response.statusCode, 401)
  t.strictSame(response.json(), INVALID_REFRESH)
  t.strictSame((await profile(kunci, last.accessToken)).json(), INVALID_ACCESS, 'no access token outlives its session')
})

t.test('within the grace a replaced token gets the same successor; after it the session ends and the account is told', async t => {
  await someone(kunci, 'replays')
  const { refreshToken } = await login(kunci, 'replays')
  const other = await login(kunci, 'replays')
  const next = (await refresh(kunci, refreshToken)).json()
  clock.advance(29)
  t.equal((await refresh(kunci, refreshToken)).json().refreshToken, next.refreshToken)
  clock.advance(1)
  const replay = await refresh(kunci, refreshToken)
  t.equal(replay.statusCode, 401)
  t.strictSame(replay.json(), INVALID_REFRESH)
  t.strictSame((await refresh(kunci, next.refreshToken)).json(), INVALID_REFRESH)
  t.strictSame((await profile(kunci, next.accessToken)).json(), INVALID_ACCESS)
  t.equal((await refresh(kunci, other.refreshToken)).statusCode, 200)
  t.equal((await readMails(kunci)).filter(mail => mail.to === 'replays@example.com' && mail.subject === 'One of your devices was signed out').length, 1)
})

t.test('what is no refresh token of this contract is refused and ends nothing', async t => {
  await someone(kunci, 'forged')
  const { accessToken, refreshToken } = await login(kunci, 'forged')
  const panel = (await app.inject({ method: 'POST', url: '/api/auth/login', payload: { email: 'forged@example.com', password: PASSWORD } })).json().data
  const member = (await app.inject({ method: 'POST', url: '/member/api/auth/login', payload: { username: 'forged', password: PASSWORD } })).json().data
  const tokens: Record<string, string> = {
    'the access token': accessToken,
    "console's refresh token": panel.refreshToken,
    "member's refresh token": member.refresh_token,
    'one that was changed': (refreshToken.startsWith('A') ? 'B' : 'A') + refreshToken.slice(1),
    'one that was cut': refreshToken.slice(0, -1),
    garbage: 'x'
  }
  for (const [name, token] of Object.entries(tokens)) {
    t.type(token, 'string', name)
    const response = await refresh(kunci, token)
    t.equal(response.statusCode, 401, name)
    t.strictSame(response.json(), INVALID_REFRESH, name)
  }
  t.equal((await refresh(kunci, refreshToken)).statusCode, 200)
})

t.test('the refresh token must be a text in its field', async t => {
  await someone(kunci, 'field')
  const { refreshToken } = await login(kunci, 'field')
  const cases: Array<[object, string[]]> = [
    [{}, ['refreshToken should not be empty']],
    [{ refreshToken: '' }, ['refreshToken should not be empty']],
    [{ refreshToken: null }, ['refreshToken must be a string']],
    [{ refreshToken: { token: refreshToken } }, ['refreshToken must be a string']],
    [{ refresh_token: refreshToken }, ['refreshToken should not be empty', 'property refresh_token should not exist']]
  ]
  for (const [payload, message] of cases) {
    const response = await post(kunci, 'refresh', payload)
    t.equal(response.statusCode, 400, message.join())
    t.strictSame(response.json(), refusal(400, message), message.join())
  }
})

t.test('logging out ends the session: neither of its tokens is good from then on', async t => {
  await someone(kunci, 'leaves')
  const leaving = await login(kunci, 'leaves')
  const staying = await login(kunci, 'leaves')
  const response = await logout(kunci, leaving.accessToken)
  t.equal(response.statusCode, 200)
  t.strictSame(response.json(), { message: 'Logged out successfully' })
  const shown = await profile(kunci, leaving.accessToken)
  t.equal(shown.statusCode, 401)
  t.strictSame(shown.json(), INVALID_ACCESS)
  const refreshed = await refresh(kunci, leaving.refreshToken)
  t.equal(refreshed.statusCode, 401)
  t.strictSame(refreshed.json(), INVALID_REFRESH)
  t.strictSame((await logout(kunci, leaving.accessToken)).json(), INVALID_ACCESS)
  t.equal((await profile(kunci, staying.accessToken)).statusCode, 200)
  t.equal((await refresh(kunci, staying.refreshToken)).statusCode, 200)
})

t.test('logging out takes a bearer token and nothing else', async t => {
  await someone(kunci, 'stays')
  const { accessToken, refreshToken } = await login(kunci, 'stays')
  const without = await app.inject({ method: 'POST', url: '/signin/auth/logout' })
  t.equal(without.statusCode, 401)
  t.strictSame(without.json(), ACCESS_REQUIRED)
  t.strictSame((await logout(kunci, refreshToken)).json(), INVALID_ACCESS)
  const body = await post(kunci, 'logout', { refreshToken }, bearer(accessToken))
  t.equal(body.statusCode, 400)
  t.strictSame(body.json(), refusal(400, ['property refreshToken should not exist']))
  t.equal((await profile(kunci, accessToken)).statusCode, 200)
})

t.test('LIFETIMES is what rules', async t => {
  const kunci = await build(t, { CONTRACTS: '', LIFETIMES: 'signin=5/12' })
  await signUp(kunci)
  const { accessToken, refreshToken } = await login(kunci)
  kunci.clock.advance(5)
  t.strictSame((await profile(kunci, accessToken)).json(), INVALID_ACCESS)
  const next = (await refresh(kunci, refreshToken)).json()
  kunci.clock.advance(4)
  t.equal((await profile(kunci, next.accessToken)).statusCode, 200)
  const last = (await refresh(kunci, next.refreshToken)).json()
  kunci.clock.advance(3)
  t.strictSame((await profile(kunci, last.accessToken)).json(), INVALID_ACCESS)
  t.strictSame((await refresh(kunci, last.refreshToken)).json(), INVALID_REFRESH)
})
