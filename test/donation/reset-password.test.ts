import t from 'tap'
import { bearer, build, mailedToken, readMails } from '../helper.js'
import { misspellings } from '../misspellings.js'
import * as outlet from '../outlet/client.js'
import {
  BAD_TOKEN, CONTRACTS, DONATION, login, mail, mailsTo, PASSWORD, register, registerSignedIn, requestReset, restoreToken, submitPassword, tokenIn, tryLogin,
  updateProfile, verifyToken
} from './client.js'

const NEW = 'dermawan001'

const kunci = await build(t, { CONTRACTS })
const { app, clock, sql } = kunci

/** Asks for a reset a moment later than whatever was mailed before, and reads its token. */
async function resetToken (email: string): Promise<string> {
  clock.advance(1)
  await requestReset(kunci, email)
  return await tokenIn(kunci, email, mail.reset)
}

function changed (email: string) {
  return { success: true, message: 'Berhasil mengganti password', data: { email } }
}

t.test('asking for a reset answers the same whoever has the address, and only an account that can be used gets a mail', async t => {
  await register(kunci, { email: 'known@example.com' })
  await register(kunci, { email: 'disabled@example.com' })
  await sql`update users set disabled_at = ${clock.now} where email = 'disabled@example.com'`
  for (const asked of ['known@example.com', ' KNOWN@Example.com', 'unknown@example.com', 'disabled@example.com']) {
    const response = await requestReset(kunci, asked)
    t.equal(response.statusCode, 200, asked)
    t.same(response.json(), {
      success: true, message: 'Request ubah password berhasil, silahkan cek email anda', data: { email: asked.trim().toLowerCase() }
    }, asked)
  }
  t.equal((await mailsTo(kunci, 'known@example.com', mail.reset)).length, 2)
  t.equal((await mailsTo(kunci, 'unknown@example.com', mail.reset)).length, 0)
  t.equal((await mailsTo(kunci, 'disabled@example.com', mail.reset)).length, 0)
})

t.test('an address that is missing or malformed is refused', async t => {
  const cases: Array<[object, object]> = [
    [{}, { message: 'Data input tidak lengkap', errors: ['Email harus diisi'] }],
    [{ email: '' }, { message: 'Data input tidak lengkap', errors: ['Email harus diisi'] }],
    [{ email: 'dermawan' }, { message: 'Format email tidak valid' }],
    [{ email: ['known@example.com'] }, { message: 'Email harus berupa teks' }],
    [{ email: 'known@example.com', password: NEW }, { message: 'Field tidak diizinkan: password' }]
  ]
  for (const [payload, refusal] of cases) {
    const response = await app.inject({ method: 'POST', url: `${DONATION}/reset-password`, payload })
    t.equal(response.statusCode, 400, JSON.stringify(payload))
    t.same(response.json(), { success: false, ...refusal }, JSON.stringify(payload))
  }
})

t.test('the mail is in Indonesian and opens the page of the application', async t => {
  const kunci = await build(t, { CONTRACTS, APP_URL: 'outlet=https://toko.example,donation=https://donasi.example/akun' })
  await register(kunci)
  await requestReset(kunci, 'dermawan@example.com')
  const sent = (await readMails(kunci)).at(-1)
  t.match(sent, { to: 'dermawan@example.com', subject: mail.reset })
  t.match(sent?.text, `Buka tautan ini untuk memilih kata sandi baru:\n\nhttps://donasi.example/akun/reset-password?token=${sent?.token}\n`)
  t.match(sent?.html, '<html lang="id">')
})

t.test('a mailed token sets a new password, once; every session ends, in every contract', async t => {
  await outlet.registerVerified(kunci, 'once@example.com', 'once')
  const token = await login(kunci, 'once@example.com', outlet.PASSWORD)
  const inOutlet = await outlet.login(kunci, 'once@example.com')
  const mailed = await resetToken('once@example.com')

  const response = await submitPassword(kunci, mailed, NEW)
  t.equal(response.statusCode, 200)
  t.same(response.json(), changed('once@example.com'))
  t.same((await verifyToken(kunci, token)).json(), BAD_TOKEN)
  t.equal((await outlet.profile(kunci, inOutlet.accessToken)).statusCode, 401)
  t.equal((await outlet.refresh(kunci, inOutlet.cookie)).statusCode, 401)
  t.equal((await tryLogin(kunci, 'once@example.com', outlet.PASSWORD)).statusCode, 401)
  t.equal((await tryLogin(kunci, 'once@example.com', NEW)).statusCode, 200)

  const again = await submitPassword(kunci, mailed, 'dermawan002')
  t.equal(again.statusCode, 401)
  t.same(again.json(), BAD_TOKEN)
  t.equal((await tryLogin(kunci, 'once@example.com', NEW)).statusCode, 200)

  const notices = await mailsTo(kunci, 'once@example.com', mail.passwordChanged)
  t.equal(notices.length, 1)
  t.match(notices[0]?.text, 'Jika bukan Anda yang melakukannya, segera minta pengaturan ulang kata sandi.')
  t.equal(notices[0]?.token, '')
})

t.test('a newer token kills the older one', async t => {
  await register(kunci, { email: 'newer@example.com' })
  const older = await resetToken('newer@example.com')
  const newer = await resetToken('newer@example.com')
  t.not(newer, older)
  const response = await submitPassword(kunci, older, NEW)
  t.equal(response.statusCode, 401)
  t.same(response.json(), BAD_TOKEN)
  t.equal((await submitPassword(kunci, newer, NEW)).statusCode, 200)
})

t.test('a token is good for an hour', async t => {
  await register(kunci, { email: 'hour@example.com' })
  const inTime = await resetToken('hour@example.com')
  clock.advance(3599)
  t.equal((await submitPassword(kunci, inTime, NEW)).statusCode, 200)
  const late = await resetToken('hour@example.com')
  clock.advance(3600)
  const response = await submitPassword(kunci, late, 'dermawan002')
  t.equal(response.statusCode, 401)
  t.same(response.json(), BAD_TOKEN)
})

t.test('a token that was not mailed for a reset is refused', async t => {
  const access = await registerSignedIn(kunci, 'before@example.com')
  await updateProfile(kunci, access, { email: 'forged@example.com' })
  const verification = await tokenIn(kunci, 'forged@example.com', mail.verification)
  await app.inject({ method: 'POST', url: '/member/api/auth/send-verification-email', payload: { email: 'forged@example.com' } })
  const recovery = await mailedToken(kunci, 'forged@example.com')
  const token = await resetToken('forged@example.com')
  t.equal(new Set([verification, recovery, token, '']).size, 4)
  const tokens: Record<string, string> = {
    ...misspellings(token),
    'one with padding': `${token}=`,
    'one with white space': ` ${token}`,
    'two of them': token + token,
    'one that verifies an address': verification,
    'one that restores an address': await restoreToken(kunci, 'before@example.com'),
    'one of the recovery in three steps': recovery,
    garbage: 'garbage',
    'a number': '1',
    'five hundred characters': 'A'.repeat(500)
  }
  for (const [name, forged] of Object.entries(tokens)) {
    const response = await submitPassword(kunci, forged, NEW)
    t.equal(response.statusCode, 401, name)
    t.same(response.json(), BAD_TOKEN, name)
  }
  t.equal((await tryLogin(kunci, 'forged@example.com')).statusCode, 200)
  t.equal((await submitPassword(kunci, token, NEW)).statusCode, 200)
})

t.test('a token that is longer than any is refused like any other', async t => {
  const tokens = { 'an access token': await registerSignedIn(kunci, 'long@example.com'), 'a thousand characters': 'A'.repeat(1000) }
  for (const [name, forged] of Object.entries(tokens)) {
    const response = await submitPassword(kunci, forged, NEW)
    t.equal(response.statusCode, 401, name)
    t.same(response.json(), BAD_TOKEN, name)
  }
})

t.test('a password that is missing or unfit does not spend the token', async t => {
  await register(kunci, { email: 'unfit@example.com' })
  const token = await resetToken('unfit@example.com')
  const cases: Array<[object, object]> = [
    [{}, { message: 'Data input tidak lengkap', errors: ['Password harus diisi'] }],
    [{ password: 'sumur-7' }, { message: 'Password minimal 8 karakter' }],
    [{ password: 'qwerty123' }, { message: 'Password terlalu umum, silahkan pilih yang lain' }],
    [{ password: 12345678 }, { message: 'Password harus berupa teks' }],
    [{ password: NEW, email: 'other@example.com' }, { message: 'Field tidak diizinkan: email' }]
  ]
  for (const [payload, refusal] of cases) {
    const response = await app.inject({ method: 'PATCH', url: `${DONATION}/forgot-password/submit/new-password/${token}`, payload })
    t.equal(response.statusCode, 400, JSON.stringify(payload))
    t.same(response.json(), { success: false, ...refusal }, JSON.stringify(payload))
  }
  t.equal((await tryLogin(kunci, 'unfit@example.com')).statusCode, 200)
  t.equal((await submitPassword(kunci, token, NEW)).statusCode, 200)
})

t.test('opening the link does not spend the token', async t => {
  await register(kunci, { email: 'opened@example.com' })
  const token = await resetToken('opened@example.com')
  t.equal((await app.inject({ method: 'GET', url: `${DONATION}/forgot-password/submit/new-password/${token}` })).statusCode, 404)
  t.equal((await submitPassword(kunci, token, NEW)).statusCode, 200)
})

t.test('a token that was asked for here is good in outlet, and the other way round', async t => {
  await register(kunci, { email: 'here@example.com' })
  const password = 'Rahasia-baru 7'
  const there = await app.inject({
    method: 'POST', url: '/auth/password/reset', payload: { token: await resetToken('here@example.com'), password, confirmPassword: password }
  })
  t.equal(there.statusCode, 200)
  t.equal((await tryLogin(kunci, 'here@example.com', password)).statusCode, 200)

  clock.advance(1)
  await app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email: 'here@example.com' } })
  t.same((await submitPassword(kunci, await mailedToken(kunci, 'here@example.com'), PASSWORD)).json(), changed('here@example.com'))
  t.equal((await tryLogin(kunci, 'here@example.com')).statusCode, 200)
})

t.test('a reset proves the address', async t => {
  await register(kunci, { email: 'proves@example.com' })
  t.equal((await submitPassword(kunci, await resetToken('proves@example.com'), outlet.PASSWORD)).statusCode, 200)
  const { accessToken } = await outlet.login(kunci, 'proves@example.com')
  t.match((await app.inject({ method: 'GET', url: '/auth/profile', headers: bearer(accessToken) })).json(), { data: { email: 'proves@example.com', isConfirmed: true } })
})
