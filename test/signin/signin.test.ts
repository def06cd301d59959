import { randomUUID } from 'node:crypto'
import t from 'tap'
import { bearer, build, mailedToken } from '../helper.js'
import { ACCESS_REQUIRED, INVALID_ACCESS, INVALID_CREDENTIALS, login, PASSWORD, post, profile, refresh, refusal, signIn, signUp, someone } from './client.js'

const kunci = await build(t, { CONTRACTS: '' })
const { app, clock, sql } = kunci

t.test('a username signs in without case and is shown as it was chosen', async t => {
  const { user } = (await signUp(kunci, { username: 'Kim Doe', email: 'kim@example.com' })).json()
  for (const spelled of ['Kim Doe', 'kim doe', 'KIM DOE']) {
    const response = await signIn(kunci, spelled)
    t.equal(response.statusCode, 200, spelled)
    const { accessToken, refreshToken } = response.json()
    t.strictSame(response.json(), { user: { id: user.id, username: 'Kim Doe', email: 'kim@example.com', name: 'John Doe' }, accessToken, refreshToken })
    t.same(response.cookies, [])
    t.equal((await profile(kunci, accessToken)).statusCode, 200)
  }
  for (const spelled of ['\u212aim Doe', '\uff2bim Doe', ' Kim Doe', 'Kim Doe ', 'Kim  Doe', 'KimDoe', 'kim@example.com', 'Kim%']) {
    const response = await signIn(kunci, spelled)
    t.equal(response.statusCode, 401, spelled)
    t.strictSame(response.json(), INVALID_CREDENTIALS, spelled)
  }
})

t.test('an unknown username, a wrong password and a disabled account are refused alike', async t => {
  await someone(kunci, 'locked')
  t.strictSame((await signIn(kunci, 'nobody')).json(), INVALID_CREDENTIALS)
  for (const password of ['wrong', 'Password123', `${PASSWORD} `, 'x'.repeat(5000)]) t.strictSame((await signIn(kunci, 'locked', password)).json(), INVALID_CREDENTIALS)
  const { accessToken, refreshToken } = await login(kunci, 'locked')
  await sql`update users set disabled_at = ${clock.now} where username = 'locked'`
  const response = await signIn(kunci, 'locked')
  t.equal(response.statusCode, 401)
  t.strictSame(response.json(), INVALID_CREDENTIALS)
  t.strictSame((await profile(kunci, accessToken)).json(), INVALID_ACCESS)
  t.equal((await refresh(kunci, refreshToken)).statusCode, 401)
})

t.test('signing in asks that both texts are there, no more', async t => {
  for (const username of ['x', 'x'.repeat(5000), '  ']) t.strictSame((await signIn(kunci, username, 'x')).json(), INVALID_CREDENTIALS, username.slice(0, 30))
  const cases: Array<[object, string[]]> = [
    [{}, ['username should not be empty', 'password should not be empty']],
    [{ password: '', username: '' }, ['username should not be empty', 'password should not be empty']],
    [{ password: PASSWORD }, ['username should not be empty']],
    [{ username: ['johndoe'], password: { $ne: '' } }, ['username must be a string', 'password must be a string']],
    [{ username: null, password: 0 }, ['username must be a string', 'password must be a string']],
    [{ username: 'john\0', password: PASSWORD }, ['username must be valid text']],
    [{ email: 'user@example.com', username: 'johndoe', password: PASSWORD, remember: true }, ['property email should not exist', 'property remember should not exist']]
  ]
  for (const [payload, message] of cases) {
    const response = await post(kunci, 'signin', payload)
    t.equal(response.statusCode, 400, message.join())
    t.strictSame(response.json(), refusal(400, message), message.join())
  }
})

t.test('the profile shows who is signed in, as the account is now', async t => {
  const { user } = (await someone(kunci, 'shown')).json()
  const { accessToken } = await login(kunci, 'shown')
  const response = await profile(kunci, accessToken)
  t.equal(response.statusCode, 200)
  t.strictSame(response.json(), { userId: user.id, username: 'shown', email: 'shown@example.com' })
  const member = (await app.inject({ method: 'POST', url: '/member/api/auth/login', payload: { username: 'shown', password: PASSWORD } })).json().data.token
  await app.inject({ method: 'POST', url: '/member/api/auth/edit-profile', headers: bearer(member), payload: { username: 'Renamed' } })
  t.strictSame((await profile(kunci, accessToken)).json(), { userId: user.id, username: 'Renamed', email: 'shown@example.com' })
})

t.test('the profile needs an access token of this contract', async t => {
  await someone(kunci, 'closed')
  const { refreshToken } = await login(kunci, 'closed')
  const without = await app.inject('/signin/auth/profile')
  t.equal(without.statusCode, 401)
  t.strictSame(without.json(), ACCESS_REQUIRED)
  const member = (await app.inject({ method: 'POST', url: '/member/api/auth/login', payload: { username: 'closed', password: PASSWORD } })).json().data.token
  for (const token of ['garbage', refreshToken, member]) {
    const response = await profile(kunci, token)
    t.equal(response.statusCode, 401)
    t.strictSame(response.json(), INVALID_ACCESS)
  }
})

t.test('an account without a username cannot sign in by any, until it has one', async t => {
  const email = 'panel@example.com'
  const password = 'SecurePassword123!'
  await app.inject({ method: 'POST', url: '/api/auth/register', payload: { name: 'Panel', email, password } })
  t.strictSame((await signIn(kunci, '', password)).json(), refusal(400, ['username should not be empty']))
  for (const username of ['null', 'NULL', 'undefined', 'Panel', 'panel', email, ' ', '%', '\u200b']) {
    const response = await signIn(kunci, username, password)
    t.equal(response.statusCode, 401, username)
    t.strictSame(response.json(), INVALID_CREDENTIALS, username)
  }

  await app.inject({ method: 'POST', url: '/auth/verify', payload: { token: await mailedToken(kunci, email) } })
  const outlet = (await app.inject({ method: 'POST', url: '/auth/login', payload: { email, password } })).json().data.access_token
  t.match((await app.inject({ url: '/auth/profile', headers: bearer(outlet) })).json(), { data: { email, username: null } })
  t.equal((await app.inject({ method: 'PATCH', url: '/auth/profile', headers: bearer(outlet), payload: { username: 'at last' } })).statusCode, 200)
  t.equal((await signIn(kunci, 'at last', password)).statusCode, 200)
})

t.test('where an account without a username can be seen, it shows null', async t => {
  const id = randomUUID()
  const [account] = await sql<Array<{ id: string, number: string }>>`insert into users (id, email, name, created_at, updated_at)
    values (${randomUUID()}, 'unnamed@example.com', null, ${clock.now}, ${clock.now}) returning id, number`
  await sql`insert into sessions (user_id, id, contract, generation, created_at, rotated_at, expires_at, device)
    values (${account?.id ?? ''}, ${id}, 'signin', 1, ${clock.now}, ${clock.now}, ${new Date(clock.now.getTime() + 60_000)}, 'unknown')`
  const refreshed = await refresh(kunci, app.references.sign('refresh:signin', { accountId: account?.id ?? '', rowId: id, counter: 1 }))
  t.strictSame((await profile(kunci, refreshed.json().accessToken)).json(), { userId: Number(account?.number), username: null, email: 'unnamed@example.com' })
})

t.test('an account without a name shows null', async t => {
  await someone(kunci, 'nameless')
  await sql`update users set name = null where username = 'nameless'`
  const { user } = (await signIn(kunci, 'nameless')).json()
  t.same(user, { id: user.id, username: 'nameless', email: 'nameless@example.com', name: null })
})
