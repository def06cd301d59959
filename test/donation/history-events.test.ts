import t from 'tap'
import { bearer, build } from '../helper.js'
import * as outlet from '../outlet/client.js'
import { BAD_TOKEN, CONTRACTS, login, ownHistory, PASSWORD, redacted, register, registerSignedIn, tokenHistory, tryLogin, updateProfile, verifyToken } from './client.js'

const kunci = await build(t, { CONTRACTS })
const { app, clock, sql } = kunci

async function post (url: string, payload: object | undefined, token?: string) {
  return await app.inject({ method: 'POST', url, ...payload === undefined ? {} : { payload }, ...token === undefined ? {} : { headers: bearer(token) } })
}

t.test('a sign-in stands there with the token that was issued, without its signature', async t => {
  const { id } = (await register(kunci, { email: 'login@example.com', role: 'volunteer' })).json().data
  clock.advance(1.7)
  const first = await login(kunci, 'login@example.com')
  const firstAt = clock.now.toISOString()
  clock.advance(1.7)
  const second = await login(kunci, 'login@example.com')
  const response = await tokenHistory(kunci, second, id)
  t.equal(response.statusCode, 200)
  const [newest, oldest] = response.json<{ data: Array<{ id: number }> }>().data
  t.same(response.json(), {
    success: true,
    message: 'Riwayat token berhasil diambil',
    data: [
      { id: newest?.id, id_user: id, aktivitas: 'Login - Create Token', token: redacted(second), created_at: clock.now.toISOString(), updated_at: clock.now.toISOString() },
      { id: oldest?.id, id_user: id, aktivitas: 'Login - Create Token', token: redacted(first), created_at: firstAt, updated_at: firstAt }
    ]
  })
  t.ok(Number(newest?.id) > Number(oldest?.id))
  t.not(redacted(first), redacted(second), 'no token is issued twice')
})

t.test('what stands there is no credential', async t => {
  const token = await registerSignedIn(kunci, 'credential@example.com')
  const [[, shown] = []] = await ownHistory(kunci, token)
  t.equal(shown, redacted(token))
  for (const forged of [redacted(token), redacted(token).replace('.redacted', '.'), redacted(token).replace('.redacted', '')]) {
    const response = await verifyToken(kunci, forged)
    t.equal(response.statusCode, 401)
    t.same(response.json(), BAD_TOKEN)
  }
})

t.test('a refused sign-in, a change of the profile and a registration are none of it', async t => {
  const token = await registerSignedIn(kunci, 'others@example.com')
  t.equal((await tryLogin(kunci, 'others@example.com', 'wrong')).statusCode, 401)
  await updateProfile(kunci, token, { nama_lengkap: 'Dermawan' })
  t.same(await ownHistory(kunci, token), [['Login - Create Token', redacted(token)]])
})

t.test('what happened through another contract stands there with the token that it issued', async t => {
  const { token: registered } = (await post('/api/auth/register', { name: 'Budi', email: 'console@example.com', password: PASSWORD })).json().data
  const signedIn = (await post('/api/auth/login', { email: 'console@example.com', password: PASSWORD })).json().data
  clock.advance(7)
  const refreshed = (await post('/api/auth/refresh', { refreshToken: signedIn.refreshToken })).json().data
  clock.advance(7)
  const again = (await post('/api/auth/refresh', { refreshToken: refreshed.refreshToken })).json().data
  clock.advance(7)
  t.equal((await post('/api/auth/logout', undefined, again.token)).statusCode, 200)
  const token = await login(kunci, 'console@example.com')

  t.same(await ownHistory(kunci, token), [
    ['Login - Create Token', redacted(token)],
    ['Logout - Revoke Token', redacted(again.token)],
    ['Refresh - Rotate Token', redacted(again.token)],
    ['Refresh - Rotate Token', redacted(refreshed.token)],
    ['Login - Create Token', redacted(signedIn.token)],
    ['Login - Create Token', redacted(registered)]
  ])
})

t.test('an outlet and a role are in the token that is shown, as they were in the one that was issued', async t => {
  await outlet.registerVerified(kunci, 'shop@example.com', 'shop')
  const signedIn = await outlet.login(kunci, 'shop@example.com')
  const rotated = (await outlet.refresh(kunci, signedIn.cookie)).json().access_token
  await sql`update user_roles set role_id = (select id from roles where name = 'admin') from users where users.id = user_id and email = 'shop@example.com'`
  await sql`update users set outlet_id = null where email = 'shop@example.com'`
  const inMember = (await post('/member/api/auth/login', { username: 'shop', password: outlet.PASSWORD })).json().data
  const token = await login(kunci, 'shop@example.com', outlet.PASSWORD)
  t.same(await ownHistory(kunci, token), [
    ['Login - Create Token', redacted(token)],
    ['Login - Create Token', redacted(inMember.token)],
    ['Refresh - Rotate Token', redacted(rotated)],
    ['Login - Create Token', redacted(signedIn.accessToken)]
  ])
})

t.test('a spent refresh token that is used again stands there as a replay', async t => {
  await post('/signin/auth/signup', { name: 'Budi', email: 'replay@example.com', username: 'replay', password: PASSWORD })
  const signedIn = (await post('/signin/auth/signin', { username: 'replay', password: PASSWORD })).json()
  const refreshed = (await post('/signin/auth/refresh', { refreshToken: signedIn.refreshToken })).json()
  clock.advance(60)
  t.equal((await post('/signin/auth/refresh', { refreshToken: signedIn.refreshToken })).statusCode, 401)
  const token = await login(kunci, 'replay@example.com')
  t.same(await ownHistory(kunci, token), [
    ['Login - Create Token', redacted(token)],
    ['Replay - Revoke Token', redacted(refreshed.accessToken)],
    ['Refresh - Rotate Token', redacted(refreshed.accessToken)],
    ['Login - Create Token', redacted(signedIn.accessToken)]
  ])
})
