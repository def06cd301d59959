import t from 'tap'
import { build, readMails } from '../helper.js'
import { goesOn, INVALID_ACCESS, INVALID_REFRESH, invalid, login, logout, ACCESS_REQUIRED, post, refresh, sessions, signUp, succeeded, tokensOf } from './client.js'

const REPLAY_SUBJECT = 'One of your devices was signed out'

const kunci = await build(t, { CONTRACTS: '' })
const { app, clock } = kunci

async function noticesTo (address: string): Promise<number> {
  return (await readMails(kunci)).filter(mail => mail.to === address && mail.subject === REPLAY_SUBJECT).length
}

t.test('each refresh token is good for one rotation, and its successor for the next', async t => {
  await signUp(kunci, 'rotates')
  let { refreshToken } = await login(kunci, 'rotates')
  const seen = new Set([refreshToken])
  for (let rotation = 0; rotation < 4; rotation++) {
    const response = await refresh(kunci, refreshToken)
    t.equal(response.statusCode, 200)
    const next = tokensOf(response)
    t.strictSame(response.json(), { ...succeeded('User Successfully Logged In'), data: { token: next.accessToken, refresh_token: next.refreshToken } })
    t.same(response.cookies, [])
    t.equal((await sessions(kunci, next.accessToken)).statusCode, 200)
    refreshToken = next.refreshToken
    seen.add(refreshToken)
  }
  t.equal(seen.size, 5)
})

t.test('the session ends after 24 hours, however often it was refreshed', async t => {
  await signUp(kunci, 'absolute')
  const idle = await login(kunci, 'absolute')
  let { refreshToken } = await login(kunci, 'absolute')
  for (let hours = 0; hours < 23; hours++) {
    clock.advance(3600)
    refreshToken = tokensOf(await refresh(kunci, refreshToken)).refreshToken
  }
  clock.advance(3599)
  const last = tokensOf(await refresh(kunci, refreshToken))
  t.equal((await sessions(kunci, last.accessToken)).statusCode, 200)
  clock.advance(1)
  const response = await refresh(kunci, last.refreshToken)
  t.equal(response.statusCode, 401)
  t.strictSame(response.json(), INVALID_REFRESH)
  t.strictSame((await refresh(kunci, idle.refreshToken)).json(), INVALID_REFRESH, 'nor is one good that was never used')
  t.strictSame((await sessions(kunci, last.accessToken)).json(), INVALID_ACCESS, 'no access token outlives its session')
})

t.test('a token that was just replaced gets the same successor again within the grace', async t => {
  await signUp(kunci, 'grace')
  const { refreshToken } = await login(kunci, 'grace')
  const first = tokensOf(await refresh(kunci, refreshToken))
  clock.advance(29)
  const again = await refresh(kunci, refreshToken)
  t.equal(again.statusCode, 200)
  t.equal(tokensOf(again).refreshToken, first.refreshToken)
  t.equal((await sessions(kunci, tokensOf(again).accessToken)).statusCode, 200)
  t.equal(await noticesTo('grace@example.com'), 0)
  t.ok(await goesOn(kunci, first))
})

t.test('many refreshes at once agree on one successor', async t => {
  await signUp(kunci, 'at-once')
  const { refreshToken } = await login(kunci, 'at-once')
  const answers = await Promise.all(Array.from({ length: 6 }, async () => await refresh(kunci, refreshToken)))
  t.same(answers.map(answer => answer.statusCode), Array(6).fill(200))
  t.equal(new Set(answers.map(answer => tokensOf(answer).refreshToken)).size, 1)
})

t.test('a token used again after the grace ends the session, and the account is told once', async t => {
  await signUp(kunci, 'replayed')
  const other = await login(kunci, 'replayed')
  const { refreshToken } = await login(kunci, 'replayed')
  const next = tokensOf(await refresh(kunci, refreshToken))
  clock.advance(30)
  for (let times = 0; times < 2; times++) {
    const replay = await refresh(kunci, refreshToken)
    t.equal(replay.statusCode, 401)
    t.strictSame(replay.json(), INVALID_REFRESH)
  }
  t.notOk(await goesOn(kunci, next))
  t.ok(await goesOn(kunci, other), 'the other session of the account goes on')
  t.equal(await noticesTo('replayed@example.com'), 1)
})

t.test('the grace is over once the successor was used', async t => {
  await signUp(kunci, 'overtaken')
  const { refreshToken } = await login(kunci, 'overtaken')
  const second = tokensOf(await refresh(kunci, refreshToken))
  const third = tokensOf(await refresh(kunci, second.refreshToken))
  t.strictSame((await refresh(kunci, refreshToken)).json(), INVALID_REFRESH)
  t.notOk(await goesOn(kunci, third))
  t.equal(await noticesTo('overtaken@example.com'), 1)
})

t.test('what is no refresh token of this contract is refused and ends nothing', async t => {
  await signUp(kunci, 'forged')
  const session = await login(kunci, 'forged')
  const elsewhere = await app.inject({ method: 'POST', url: '/signin/auth/signin', payload: { username: 'forged', password: 'kata sandi panjang' } })
  const panel = await app.inject({ method: 'POST', url: '/api/auth/login', payload: { email: 'forged@example.com', password: 'kata sandi panjang' } })
  const { refreshToken } = session
  const tokens: Record<string, string> = {
    'the access token': session.accessToken,
    "signin's refresh token": elsewhere.json().refreshToken,
    "console's refresh token": panel.json().data.refreshToken,
    'one that was changed': (refreshToken.startsWith('A') ? 'B' : 'A') + refreshToken.slice(1),
    'one that was cut': refreshToken.slice(0, -1),
    'one with white space': `${refreshToken} `,
    garbage: 'x'
  }
  for (const [name, token] of Object.entries(tokens)) {
    t.type(token, 'string', name)
    const response = await refresh(kunci, token)
    t.equal(response.statusCode, 401, name)
    t.strictSame(response.json(), INVALID_REFRESH, name)
  }
  t.ok(await goesOn(kunci, session))
})

t.test('the refresh token must be a text in its field', async t => {
  await signUp(kunci, 'field')
  const { refreshToken } = await login(kunci, 'field')
  const cases: Array<[object, string[]]> = [
    [{}, ['refresh_token is required']],
    [{ refresh_token: '' }, ['refresh_token is required']],
    [{ refresh_token: [refreshToken] }, ['refresh_token must be a string']],
    [{ refreshToken }, ['refresh_token is required', 'refreshToken is not allowed']]
  ]
  for (const [payload, errors] of cases) {
    const response = await post(kunci, 'refresh-token', payload)
    t.equal(response.statusCode, 400, errors.join())
    t.strictSame(response.json(), invalid(...errors))
  }
  const cookie = await app.inject({ method: 'POST', url: '/member/api/auth/refresh-token', headers: { cookie: `refresh_token=${refreshToken}` } })
  t.strictSame(cookie.json(), invalid('refresh_token is required'), 'a cookie is not taken')
})

t.test('logging out ends the session, its refresh token with it, and no other', async t => {
  await signUp(kunci, 'leaves')
  const leaving = await login(kunci, 'leaves')
  const staying = await login(kunci, 'leaves')
  const successor = tokensOf(await refresh(kunci, leaving.refreshToken))
  const response = await logout(kunci, leaving.accessToken)
  t.equal(response.statusCode, 200)
  t.strictSame(response.json(), succeeded('User Successfully Logged Out'))
  for (const token of [leaving.refreshToken, successor.refreshToken]) t.strictSame((await refresh(kunci, token)).json(), INVALID_REFRESH)
  for (const token of [leaving.accessToken, successor.accessToken]) t.strictSame((await logout(kunci, token)).json(), INVALID_ACCESS, 'it cannot be repeated')
  t.ok(await goesOn(kunci, staying))
  t.equal(await noticesTo('leaves@example.com'), 0, 'a token of a session that ended is no replay')
})

t.test('logging out takes a bearer token and nothing else', async t => {
  await signUp(kunci, 'stays')
  const session = await login(kunci, 'stays')
  const without = await app.inject({ method: 'POST', url: '/member/api/auth/logout', headers: { cookie: `refresh_token=${session.refreshToken}` } })
  t.equal(without.statusCode, 401)
  t.strictSame(without.json(), ACCESS_REQUIRED)
  t.strictSame((await logout(kunci, session.refreshToken)).json(), INVALID_ACCESS)
  const body = await post(kunci, 'logout', { refresh_token: session.refreshToken }, { authorization: `Bearer ${session.accessToken}` })
  t.equal(body.statusCode, 400)
  t.strictSame(body.json(), invalid('refresh_token is not allowed'))
  t.ok(await goesOn(kunci, session))
})
