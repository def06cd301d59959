import t from 'tap'
import { bearer, build, mailedToken, readMails } from '../helper.js'
import { misspellings } from '../misspellings.js'
import { BAD_PROOF, BAD_RESET, login, loginStatus, PASSWORD, post, prove, recoveryToken, reset, signUp, succeeded } from './client.js'

const NEW = 'kopi susu gula aren'
const PROVEN = succeeded('Email verified successfully')
const RESET = succeeded('Password reset successfully')

const kunci = await build(t, { CONTRACTS: '' })
const { app, clock, sql } = kunci

/** Asks another contract for a reset and reads its token. */
async function foreignReset (email: string, url: string): Promise<string> {
  clock.advance(1)
  t.equal((await app.inject({ method: 'POST', url, payload: { email } })).statusCode, 200)
  return await mailedToken(kunci, email)
}

t.test('a token is good for an hour, at each step', async t => {
  await signUp(kunci, 'hour')
  const inTime = await recoveryToken(kunci, 'hour@example.com')
  clock.advance(3598)
  t.strictSame((await prove(kunci, inTime)).json(), PROVEN)
  clock.advance(1)
  t.strictSame((await reset(kunci, inTime, NEW)).json(), RESET)

  const unproven = await recoveryToken(kunci, 'hour@example.com')
  clock.advance(3600)
  const late = await prove(kunci, unproven)
  t.equal(late.statusCode, 400)
  t.strictSame(late.json(), BAD_PROOF)

  const proven = await recoveryToken(kunci, 'hour@example.com')
  clock.advance(3599)
  t.strictSame((await prove(kunci, proven)).json(), PROVEN)
  clock.advance(1)
  const tooLate = await reset(kunci, proven, 'yang lain lagi')
  t.equal(tooLate.statusCode, 400)
  t.strictSame(tooLate.json(), BAD_RESET, 'a proof does not prolong it')
  t.strictSame((await prove(kunci, proven)).json(), BAD_PROOF)
  t.equal(await loginStatus(kunci, 'hour', NEW), 200)
})

t.test('a newer mail kills the older token at each step, and wants a proof of its own', async t => {
  await signUp(kunci, 'newer')
  const older = await recoveryToken(kunci, 'newer@example.com')
  const middle = await recoveryToken(kunci, 'newer@example.com')
  t.strictSame((await prove(kunci, older)).json(), BAD_PROOF)
  t.strictSame((await reset(kunci, older, NEW)).json(), BAD_RESET)
  t.strictSame((await prove(kunci, middle)).json(), PROVEN)

  const newest = await recoveryToken(kunci, 'newer@example.com')
  t.equal(new Set([older, middle, newest]).size, 3)
  t.strictSame((await reset(kunci, middle, NEW)).json(), BAD_RESET, 'though it was proven')
  t.strictSame((await prove(kunci, middle)).json(), BAD_PROOF)
  t.strictSame((await reset(kunci, newest, NEW)).json(), BAD_RESET, 'the proof was that of the older one')
  t.equal(await loginStatus(kunci, 'newer'), 200)
  t.strictSame((await prove(kunci, newest)).json(), PROVEN)
  t.strictSame((await reset(kunci, newest, NEW)).json(), RESET)
})

t.test('what was not mailed for it is refused at each step', async t => {
  await signUp(kunci, 'forged')
  await signUp(kunci, 'other')
  const spent = await recoveryToken(kunci, 'other@example.com')
  await prove(kunci, spent)
  await reset(kunci, spent, NEW)
  const { accessToken, refreshToken } = await login(kunci, 'forged')
  const token = await recoveryToken(kunci, 'forged@example.com')
  const tokens: Record<string, string> = {
    ...misspellings(token),
    'one with padding': `${token}=`,
    'one with white space': ` ${token}`,
    'two of them': token + token,
    'an access token': accessToken,
    'a refresh token': refreshToken,
    "another account's spent token": spent,
    garbage: 'garbage',
    'ten kilobytes': 'A'.repeat(10_000)
  }
  for (const [name, forged] of Object.entries(tokens)) {
    const proof = await prove(kunci, forged)
    t.equal(proof.statusCode, 400, name)
    t.strictSame(proof.json(), BAD_PROOF, name)
    const response = await reset(kunci, forged, NEW)
    t.equal(response.statusCode, 400, name)
    t.strictSame(response.json(), BAD_RESET, name)
  }
  t.strictSame((await prove(kunci, token)).json(), PROVEN)
  for (const [name, forged] of Object.entries(tokens)) t.strictSame((await reset(kunci, forged, NEW)).json(), BAD_RESET, name)
  t.strictSame((await reset(kunci, token, NEW)).json(), RESET)
})

t.test("another contract's reset token is good at neither step, whatever was proven beside it", async t => {
  await signUp(kunci, 'foreign')
  const own = await recoveryToken(kunci, 'foreign@example.com')
  await prove(kunci, own)
  const outlets = await foreignReset('foreign@example.com', '/auth/password/forgot')
  const verification = (await readMails(kunci)).find(mail => mail.to === 'foreign@example.com' && mail.subject === 'Verify your email address')?.token ?? ''
  const donations = await foreignReset('foreign@example.com', '/donation/auth/reset-password')
  t.equal(new Set([own, outlets, donations, verification]).size, 4)
  for (const token of [outlets, donations]) {
    t.strictSame((await prove(kunci, token)).json(), BAD_PROOF)
    t.strictSame((await reset(kunci, token, NEW)).json(), BAD_RESET)
  }
  t.strictSame((await reset(kunci, verification, NEW)).json(), BAD_RESET, 'nor is a verification token a reset')
  t.equal(await loginStatus(kunci, 'foreign'), 200)
  const elsewhere = await app.inject({ method: 'PATCH', url: `/donation/auth/forgot-password/submit/new-password/${donations}`, payload: { password: NEW } })
  t.equal(elsewhere.statusCode, 200, 'what was refused here is still good there')
  t.equal(await loginStatus(kunci, 'foreign', NEW), 200)
  t.strictSame((await reset(kunci, own, 'yang lain lagi')).json(), BAD_RESET, "and kills this contract's")
})

t.test("this contract's token is refused by every other, proven or not", async t => {
  await signUp(kunci, 'exported')
  const token = await recoveryToken(kunci, 'exported@example.com')
  for (const step of ['before the proof', 'after the proof']) {
    const atOutlet = await app.inject({ method: 'POST', url: '/auth/password/reset', payload: { token, password: 'Kopi-susu-7', confirmPassword: 'Kopi-susu-7' } })
    t.equal(atOutlet.statusCode, 400, step)
    t.strictSame(atOutlet.json(), { status: 400, message: 'Invalid reset token' }, step)
    const atVerify = await app.inject({ method: 'POST', url: '/auth/verify', payload: { token } })
    t.equal(atVerify.statusCode, 400, step)
    t.strictSame(atVerify.json(), { status: 400, message: 'Invalid verification token' }, step)
    const atDonation = await app.inject({ method: 'PATCH', url: `/donation/auth/forgot-password/submit/new-password/${token}`, payload: { password: NEW } })
    t.equal(atDonation.statusCode, 401, step)
    t.strictSame(atDonation.json(), { success: false, message: 'Token tidak valid atau telah kedaluwarsa' }, step)
    t.strictSame((await prove(kunci, token)).json(), PROVEN, step)
  }
  t.equal(await loginStatus(kunci, 'exported'), 200)
  t.strictSame((await reset(kunci, token, NEW)).json(), RESET)
})

t.test('a verification token, whichever contract mailed it, proves the address here too, once', async t => {
  await signUp(kunci, 'verifies')
  for (const ask of [
    async () => await mailedToken(kunci, 'verifies@example.com'),
    async () => await foreignReset('verifies@example.com', '/auth/resend/verify')
  ]) {
    await sql`update users set email_verified_at = null where username = 'verifies'`
    const token = await ask()
    const response = await prove(kunci, token)
    t.equal(response.statusCode, 200)
    t.strictSame(response.json(), PROVEN)
    t.same(await sql`select email_verified_at from users where username = 'verifies'`, [{ email_verified_at: clock.now }])
    const again = await prove(kunci, token)
    t.equal(again.statusCode, 400)
    t.strictSame(again.json(), BAD_PROOF)
    t.equal((await app.inject({ method: 'POST', url: '/auth/verify', payload: { token } })).statusCode, 400, 'nor is it good where it came from')
  }
})

t.test('a password that changed meanwhile kills the token, though it was proven', async t => {
  await signUp(kunci, 'changes')
  const session = await login(kunci, 'changes')
  const token = await recoveryToken(kunci, 'changes@example.com')
  await prove(kunci, token, bearer(session.accessToken))
  t.equal((await post(kunci, 'edit-password', { old_password: PASSWORD, new_password: NEW }, bearer(session.accessToken))).statusCode, 200)
  t.strictSame((await reset(kunci, token, 'yang lain lagi')).json(), BAD_RESET)
  t.strictSame((await prove(kunci, token)).json(), BAD_PROOF)
  t.equal(await loginStatus(kunci, 'changes', NEW), 200)
})

t.test('an account that was disabled or has another address by now is not recovered', async t => {
  await signUp(kunci, 'moved')
  const token = await recoveryToken(kunci, 'moved@example.com')
  await prove(kunci, token)
  for (const change of [sql`disabled_at = ${clock.now}`, sql`disabled_at = null, email = 'elsewhere@example.com'`]) {
    await sql`update users set ${change} where username = 'moved'`
    t.strictSame((await prove(kunci, token)).json(), BAD_PROOF)
    t.strictSame((await reset(kunci, token, NEW)).json(), BAD_RESET)
  }
  t.equal(await loginStatus(kunci, 'moved'), 200)
})
