import t from 'tap'
import { build, readMails } from '../helper.js'
import * as outlet from '../outlet/client.js'
import { BAD_TOKEN, CONTRACTS, login, mail, mailsTo, register, registerSignedIn, requestReset, submitPassword, TAKEN, tokenIn, tryLogin, updateProfile, verifyToken } from './client.js'

const kunci = await build(t, { CONTRACTS })
const { app, clock, sql } = kunci

async function verify (token: string) {
  return await app.inject({ method: 'POST', url: '/auth/verify', payload: { token } })
}

async function outletLogin (email: string) {
  return await app.inject({ method: 'POST', url: '/auth/login', payload: { email, password: outlet.PASSWORD } })
}

t.test('a new email holds at once, unproven, and both addresses are told in Indonesian', async t => {
  await outlet.registerVerified(kunci, 'old@example.com', 'old')
  const token = await login(kunci, 'old@example.com', outlet.PASSWORD)
  const other = await login(kunci, 'old@example.com', outlet.PASSWORD)
  clock.advance(5)
  const sentBefore = (await readMails(kunci)).length

  const response = await updateProfile(kunci, token, { email: 'new@example.com' })
  t.equal(response.statusCode, 200)
  t.match(response.json(), { success: true, data: { email: 'new@example.com', updatedAt: clock.now.toISOString() } })
  for (const session of [token, other]) t.equal((await verifyToken(kunci, session)).json().data.email, 'new@example.com', 'no session ends')
  t.equal((await tryLogin(kunci, 'old@example.com', outlet.PASSWORD)).statusCode, 401)
  t.equal((await tryLogin(kunci, 'new@example.com', outlet.PASSWORD)).statusCode, 200)
  const unverified = await outletLogin('new@example.com')
  t.equal(unverified.statusCode, 403)
  t.same(unverified.json(), { status: 403, message: 'Email not verified' })

  const sent = (await readMails(kunci)).slice(sentBefore)
  t.same(sent.map(({ to, subject }) => ({ to, subject })), [
    { to: 'old@example.com', subject: mail.emailChanged },
    { to: 'new@example.com', subject: mail.verification }
  ])
  const [notice, verification] = sent
  t.match(notice?.text, 'Alamat email akun "old" kini diganti dengan alamat lain. Jika bukan Anda yang melakukannya, buka tautan ini untuk mengambilnya kembali:')
  t.match(notice?.text, `\nhttp://auth.test/restore-email?token=${notice?.token}\n`)
  t.match(notice?.text, 'Tautan berlaku selama 7 hari.')
  t.notMatch(notice?.text, 'new@example.com', 'who has the old address is not told the new one')
  t.match(verification?.text, `\nhttp://auth.test/verify-email?token=${verification?.token}\n`)
  t.equal((await verify(verification?.token ?? '')).statusCode, 200)
  t.equal((await outletLogin('new@example.com')).statusCode, 200)
})

t.test('the own email in any spelling is no change', async t => {
  await outlet.registerVerified(kunci, 'same@example.com', 'same')
  const token = await login(kunci, 'same@example.com', outlet.PASSWORD)
  const stored = async () => await sql`select * from users where email = 'same@example.com'`
  const before = await stored()
  const sent = (await readMails(kunci)).length
  clock.advance(5)
  for (const email of ['same@example.com', ' SAME@Example.com ']) {
    const response = await updateProfile(kunci, token, { email })
    t.equal(response.statusCode, 200)
    t.match(response.json(), { success: true, message: 'Profil berhasil diperbarui', data: { email: 'same@example.com' } })
  }
  t.same(await stored(), before)

  const named = await updateProfile(kunci, token, { email: 'same@example.com', nama_lengkap: 'Dermawan' })
  t.match(named.json(), { success: true, data: { email: 'same@example.com', nama_lengkap: 'Dermawan', updatedAt: clock.now.toISOString() } })
  t.equal((await outletLogin('same@example.com')).statusCode, 200, 'it is verified still')
  t.equal((await readMails(kunci)).length, sent, 'nobody gets a mail')
})

t.test('an email that somebody has is refused, and what stands beside it is not taken', async t => {
  await register(kunci, { email: 'taken@example.com' })
  await outlet.register(kunci, { email: 'taken.too@example.com', username: 'taken.too' })
  const token = await registerSignedIn(kunci, 'asks@example.com')
  for (const email of ['taken@example.com', ' TAKEN@example.com', 'taken.too@example.com']) {
    const response = await updateProfile(kunci, token, { nama_lengkap: 'Maling', email })
    t.equal(response.statusCode, 400, email)
    t.same(response.json(), TAKEN, email)
  }
  t.match((await verifyToken(kunci, token)).json().data, { email: 'asks@example.com', nama_lengkap: 'Dermawan Saputra' })
  t.same(await mailsTo(kunci, 'asks@example.com', mail.emailChanged), [])
})

t.test('of many accounts that take one email at once, one gets it', async t => {
  const tokens = await Promise.all(['a', 'b', 'c', 'd'].map(async name => await registerSignedIn(kunci, `${name}.wants@example.com`)))
  const answers = await Promise.all(tokens.map(async token => await updateProfile(kunci, token, { email: 'wanted@example.com' })))
  t.same(answers.map(answer => answer.statusCode).sort(), [200, 400, 400, 400])
  for (const answer of answers.filter(({ statusCode }) => statusCode === 400)) t.same(answer.json(), TAKEN)
  t.equal((await mailsTo(kunci, 'wanted@example.com', mail.verification)).length, 1)
})

t.test('what was mailed to the address before is dead', async t => {
  const token = await registerSignedIn(kunci, 'former@example.com')
  const verification = await tokenIn(kunci, 'former@example.com', mail.verification)
  await requestReset(kunci, 'former@example.com')
  const reset = await tokenIn(kunci, 'former@example.com', mail.reset)
  await updateProfile(kunci, token, { email: 'latter@example.com' })

  const refused = await submitPassword(kunci, reset, 'dermawan001')
  t.equal(refused.statusCode, 401)
  t.same(refused.json(), BAD_TOKEN)
  t.equal((await verify(verification)).statusCode, 400)
  t.equal((await verifyToken(kunci, token)).json().data.email, 'latter@example.com')
})
