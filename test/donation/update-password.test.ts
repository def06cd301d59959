import { Readable } from 'node:stream'
import t from 'tap'
import { bearer, build } from '../helper.js'
import * as outlet from '../outlet/client.js'
import {
  BAD_TOKEN, CONTRACTS, DONATION, login, mail, mailsTo, PASSWORD, register, registerSignedIn, requestReset, REQUIRED, submitPassword, tokenIn, tryLogin,
  updatePassword, verifyToken
} from './client.js'

const NEW = 'dermawan001'

const kunci = await build(t, { CONTRACTS })
const { app, clock, sql } = kunci

t.test('a new password ends every other session in all contracts, the calling one goes on, and the account is told', async t => {
  await outlet.registerVerified(kunci, 'change@example.com', 'change')
  const calling = await login(kunci, 'change@example.com', outlet.PASSWORD)
  const other = await login(kunci, 'change@example.com', outlet.PASSWORD)
  const inOutlet = await outlet.login(kunci, 'change@example.com')
  clock.advance(5)

  const response = await updatePassword(kunci, calling, { new_password: NEW, old_password: outlet.PASSWORD })
  t.equal(response.statusCode, 200)
  t.same(response.json(), { success: true, message: 'Password berhasil diperbarui' })
  t.equal((await verifyToken(kunci, calling)).statusCode, 200)
  t.same((await verifyToken(kunci, other)).json(), BAD_TOKEN)
  t.equal((await outlet.profile(kunci, inOutlet.accessToken)).statusCode, 401)
  t.equal((await outlet.refresh(kunci, inOutlet.cookie)).statusCode, 401)
  t.equal((await tryLogin(kunci, 'change@example.com', outlet.PASSWORD)).statusCode, 401)
  t.equal((await tryLogin(kunci, 'change@example.com', NEW)).statusCode, 200)

  const notices = await mailsTo(kunci, 'change@example.com', mail.passwordChanged)
  t.equal(notices.length, 1)
  t.match(notices[0]?.text, 'Kata sandi akun Anda telah diubah, dan perangkat Anda yang lain telah dikeluarkan.')
})

t.test('a wrong old password changes nothing', async t => {
  const calling = await registerSignedIn(kunci, 'wrong@example.com')
  const other = await login(kunci, 'wrong@example.com')
  for (const old of ['x', 'Dermawan123', `${PASSWORD} `, NEW]) {
    const response = await updatePassword(kunci, calling, { old_password: old, new_password: NEW })
    t.equal(response.statusCode, 400, old)
    t.same(response.json(), { success: false, message: 'kata sandi lama tidak sesuai' }, old)
  }
  t.equal((await verifyToken(kunci, other)).statusCode, 200)
  t.equal((await tryLogin(kunci, 'wrong@example.com')).statusCode, 200)
  t.same(await mailsTo(kunci, 'wrong@example.com', mail.passwordChanged), [])
})

t.test('what is missing or unfit is refused in the words of the document', async t => {
  const token = await registerSignedIn(kunci, 'unfit@example.com')
  const invalid = (...errors: string[]) => ({ message: 'Data input tidak valid', errors })
  const cases: Array<[Record<string, unknown>, object]> = [
    [{}, invalid('Password lama harus diisi', 'Password baru harus diisi')],
    [{ new_password: '', old_password: '' }, invalid('Password lama harus diisi', 'Password baru harus diisi')],
    [{ new_password: NEW }, invalid('Password lama harus diisi')],
    [{ old_password: PASSWORD }, invalid('Password baru harus diisi')],
    [{ new_password: 'kurang' }, invalid('Password lama harus diisi', 'Password baru minimal 8 karakter')],
    [{ new_password: 1, old_password: null }, invalid('Password lama harus berupa teks', 'Password baru harus berupa teks')],
    [{ old_password: PASSWORD, new_password: 'kurang' }, { message: 'Password baru minimal 8 karakter' }],
    [{ old_password: PASSWORD, new_password: 'sumur-07'.repeat(17) }, { message: 'Password baru maksimal 128 karakter' }],
    [{ old_password: PASSWORD, new_password: 'qwerty123' }, { message: 'Password baru terlalu umum, silahkan pilih yang lain' }],
    [{ old_password: PASSWORD, new_password: NEW, role: 'admin', id: 1 }, { message: 'Field tidak diizinkan: role, id' }]
  ]
  for (const [payload, refusal] of cases) {
    const response = await updatePassword(kunci, token, payload)
    t.equal(response.statusCode, 400, JSON.stringify(payload))
    t.same(response.json(), { success: false, ...refusal }, JSON.stringify(payload))
  }
  t.equal((await tryLogin(kunci, 'unfit@example.com')).statusCode, 200)
})

t.test('a reset link from before the change is dead', async t => {
  const token = await registerSignedIn(kunci, 'link@example.com')
  await requestReset(kunci, 'link@example.com')
  const link = await tokenIn(kunci, 'link@example.com', mail.reset)
  await updatePassword(kunci, token, { old_password: PASSWORD, new_password: NEW })
  const response = await submitPassword(kunci, link, 'dermawan002')
  t.equal(response.statusCode, 401)
  t.same(response.json(), BAD_TOKEN)
})

t.test('who is not signed in changes no password', async t => {
  await register(kunci, { email: 'anonymous@example.com' })
  const payload = { old_password: PASSWORD, new_password: NEW }
  const without = await app.inject({ method: 'PATCH', url: `${DONATION}/profile/update-password`, payload })
  t.equal(without.statusCode, 401)
  t.same(without.json(), REQUIRED)
  const bad = await updatePassword(kunci, 'bad', payload)
  t.equal(bad.statusCode, 401)
  t.same(bad.json(), BAD_TOKEN)
})

t.test('an account that vanishes while the request is on its way is told so', async t => {
  const token = await registerSignedIn(kunci, 'vanished@example.com')
  // The body is read once the token was found good.
  async function * body () {
    await sql`delete from users where email = 'vanished@example.com'`
    yield Buffer.from(JSON.stringify({ old_password: PASSWORD, new_password: NEW }))
  }
  const response = await app.inject({
    method: 'PATCH',
    url: `${DONATION}/profile/update-password`,
    headers: { ...bearer(token), 'content-type': 'application/json', 'transfer-encoding': 'chunked' },
    payload: Readable.from(body())
  })
  t.equal(response.statusCode, 404)
  t.same(response.json(), { success: false, message: 'User tidak ditemukan' })
})
