import t from 'tap'
import { bearer, build } from '../helper.js'
import * as outlet from '../outlet/client.js'
import { BAD_TOKEN, CONTRACTS, DONATION, EMAIL, login, PASSWORD, register, registerSignedIn, REQUIRED, tryLogin, verifyToken, WEEK } from './client.js'

const REFUSED = { success: false, message: 'Email atau password tidak sesuai' }
const INCOMPLETE = 'Data login akun tidak lengkap'

const kunci = await build(t, { CONTRACTS })
const { app, clock, sql } = kunci

async function post (payload: object) {
  return await app.inject({ method: 'POST', url: `${DONATION}/login`, payload })
}

function claimsOf (token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
}

t.test('an account that was never verified signs in and is shown with its token', async t => {
  const { id } = (await register(kunci, { email: 'fresh@example.com' })).json().data
  const response = await tryLogin(kunci, ' FRESH@Example.com ')
  t.equal(response.statusCode, 200)
  const { token } = response.json().data
  t.same(response.json(), {
    success: true,
    message: 'Berhasil Login',
    data: { id, email: 'fresh@example.com', nama_lengkap: 'Dermawan Saputra', telp: '081234567890', role: 'user', token }
  })
  const [account] = await sql`select id from users where email = 'fresh@example.com'`
  const now = clock.now.getTime() / 1000
  t.match(claimsOf(token), { iss: 'http://auth.test', aud: 'donation', sub: account?.['id'], iat: now, exp: now + WEEK, roles: ['user'], permissions: [] })
})

t.test('an unknown email, a wrong password and a disabled account are refused alike', async t => {
  await register(kunci, { email: 'known@example.com' })
  await register(kunci, { email: 'disabled@example.com' })
  await sql`update users set disabled_at = ${clock.now} where email = 'disabled@example.com'`
  const attempts: Array<[string, string]> = [
    ['known@example.com', 'dermawan124'],
    ['known@example.com', 'Dermawan123'],
    ['known@example.com', `${PASSWORD} `],
    ['known@example.com', 'x'],
    ['known@example.com', PASSWORD.repeat(500)],
    ['unknown@example.com', PASSWORD],
    ['disabled@example.com', PASSWORD],
    ['no address', PASSWORD],
    ["' or 1=1 --", PASSWORD]
  ]
  for (const [email, password] of attempts) {
    const response = await tryLogin(kunci, email, password)
    t.equal(response.statusCode, 401, email)
    t.same(response.json(), REFUSED, email)
  }
})

t.test('missing fields are named, in the order of the document', async t => {
  const cases: Array<[object, string[]]> = [
    [{}, ['Email harus diisi', 'Password harus diisi']],
    [{ password: '', email: '' }, ['Email harus diisi', 'Password harus diisi']],
    [{ password: PASSWORD }, ['Email harus diisi']],
    [{ email: EMAIL }, ['Password harus diisi']],
    [{ password: 1 }, ['Email harus diisi', 'Password harus berupa teks']]
  ]
  for (const [payload, errors] of cases) {
    const response = await post(payload)
    t.equal(response.statusCode, 400, JSON.stringify(payload))
    t.same(response.json(), { success: false, message: INCOMPLETE, errors }, JSON.stringify(payload))
  }
})

t.test('values that are no texts, and fields that are not known, are refused', async t => {
  await register(kunci, { email: 'types@example.com' })
  const credentials = { email: 'types@example.com', password: PASSWORD }
  for (const value of [null, 1, true, ['types@example.com'], { $ne: '' }]) {
    t.same((await post({ ...credentials, email: value })).json(), { success: false, message: 'Email harus berupa teks' })
    t.same((await post({ ...credentials, password: value })).json(), { success: false, message: 'Password harus berupa teks' })
    t.same((await post({ email: value, password: value })).json(), {
      success: false, message: 'Data input tidak valid', errors: ['Email harus berupa teks', 'Password harus berupa teks']
    })
  }
  t.same((await post({ ...credentials, email: 'types@example.com\0' })).json(), { success: false, message: 'Email mengandung karakter yang tidak valid' })
  const unknown = await post({ remember: true, ...credentials, role: 'admin' })
  t.equal(unknown.statusCode, 400)
  t.same(unknown.json(), { success: false, message: 'Field tidak diizinkan: remember, role' })
})

t.test('a token is good for seven days and not a second longer', async t => {
  const token = await registerSignedIn(kunci, 'week@example.com')
  clock.advance(WEEK - 1)
  t.equal((await verifyToken(kunci, token)).statusCode, 200)
  clock.advance(1)
  const response = await verifyToken(kunci, token)
  t.equal(response.statusCode, 401)
  t.same(response.json(), BAD_TOKEN)
})

t.test('LIFETIMES shortens it', async t => {
  const kunci = await build(t, { CONTRACTS, LIFETIMES: 'donation=60' })
  const token = await registerSignedIn(kunci)
  const { iat, exp } = claimsOf(token)
  t.equal(Number(exp) - Number(iat), 60)
  kunci.clock.advance(59)
  t.equal((await verifyToken(kunci, token)).statusCode, 200)
  kunci.clock.advance(1)
  t.same((await verifyToken(kunci, token)).json(), BAD_TOKEN)
})

t.test('there is no cookie and no refresh token, and nothing to refresh or log out by', async t => {
  await register(kunci, { email: 'cookie@example.com' })
  const response = await tryLogin(kunci, 'cookie@example.com')
  t.equal(response.headers['set-cookie'], undefined)
  t.same(Object.keys(response.json().data), ['id', 'email', 'nama_lengkap', 'telp', 'role', 'token'])
  for (const path of ['refresh', 'refresh-token', 'logout']) {
    const missing = await app.inject({ method: 'POST', url: `${DONATION}/${path}`, headers: bearer(response.json().data.token) })
    t.equal(missing.statusCode, 404, path)
    t.same(missing.json(), { success: false, message: 'Resource tidak ditemukan' }, path)
  }
})

t.test('a session of this contract is seen and ended from outlet', async t => {
  await outlet.registerVerified(kunci, 'both@example.com', 'both')
  const token = await login(kunci, 'both@example.com', outlet.PASSWORD)
  const { accessToken } = await outlet.login(kunci, 'both@example.com')
  const sessions = await app.inject({ method: 'GET', url: '/auth/sessions', headers: bearer(accessToken) })
  const seen = sessions.json<{ data: Array<{ id: string, contract: string, current: boolean }> }>().data
  t.same(seen.map(({ contract, current }) => ({ contract, current })), [{ contract: 'outlet', current: true }, { contract: 'donation', current: false }])
  t.equal((await app.inject({ method: 'DELETE', url: `/auth/sessions/${seen[1]?.id}`, headers: bearer(accessToken) })).statusCode, 200)
  t.same((await verifyToken(kunci, token)).json(), BAD_TOKEN)
  t.equal((await outlet.profile(kunci, accessToken)).statusCode, 200)
})

t.test("another contract's access token is refused here, and this one's there", async t => {
  await outlet.registerVerified(kunci, 'foreign@example.com', 'foreign')
  const { accessToken, cookie } = await outlet.login(kunci, 'foreign@example.com')
  const token = await login(kunci, 'foreign@example.com', outlet.PASSWORD)
  for (const [name, foreign] of Object.entries({ 'access token': accessToken, 'refresh token': cookie })) {
    const response = await verifyToken(kunci, foreign)
    t.equal(response.statusCode, 401, name)
    t.same(response.json(), BAD_TOKEN, name)
  }
  t.equal((await outlet.profile(kunci, token)).statusCode, 401)
  t.equal((await outlet.refresh(kunci, token)).statusCode, 401)
  const without = await app.inject({ method: 'GET', url: `${DONATION}/verify-token` })
  t.equal(without.statusCode, 401)
  t.same(without.json(), REQUIRED)
})
