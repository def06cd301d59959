import t from 'tap'
import { bearer, build, mailedToken } from '../helper.js'
import { misspellings } from '../misspellings.js'
import * as outlet from '../outlet/client.js'
import {
  BAD_TOKEN, CONTRACTS, DONATION, login, mail, mailsTo, PASSWORD, registerSignedIn, requestReset, restoreEmail, restoreToken, submitPassword, tokenIn, tryLogin,
  updateProfile, verifyToken, WEEK
} from './client.js'

const NEW = 'dermawan001'

const kunci = await build(t, { CONTRACTS })
const { app, clock, sql } = kunci

function restored (email: string) {
  return { success: true, message: 'Email berhasil dipulihkan, silahkan cek email anda', data: { email } }
}

/** An account whose address was just changed. */
async function changed (local: string): Promise<{ former: string, latter: string, token: string }> {
  const [former, latter] = [`${local}@example.com`, `thief.${local}@example.com`]
  const token = await registerSignedIn(kunci, former)
  await updateProfile(kunci, token, { email: latter })
  return { former, latter, token }
}

interface Session {
  shows: string
  token: string
  refreshes?: { url: string, payload?: object, headers?: Record<string, string> }
}

/** A session of one account in each contract. */
async function everySession (email: string, username: string, password: string): Promise<Record<string, Session>> {
  const post = async (url: string, payload: object) => (await app.inject({ method: 'POST', url, payload })).json()
  const inOutlet = await outlet.login(kunci, email, password)
  const inConsole = (await post('/api/auth/login', { email, password })).data
  const inMember = (await post('/member/api/auth/login', { username, password })).data
  const inSignin = await post('/signin/auth/signin', { username, password })
  return {
    outlet: { shows: '/auth/profile', token: inOutlet.accessToken, refreshes: { url: '/auth/refresh', headers: { cookie: `refresh_token=${inOutlet.cookie}` } } },
    console: { shows: '/api/auth/me', token: inConsole.token, refreshes: { url: '/api/auth/refresh', payload: { refreshToken: inConsole.refreshToken } } },
    donation: { shows: `${DONATION}/verify-token`, token: await login(kunci, email, password) },
    member: { shows: '/member/api/auth/sessions', token: inMember.token, refreshes: { url: '/member/api/auth/refresh-token', payload: { refresh_token: inMember.refresh_token } } },
    signin: { shows: '/signin/auth/profile', token: inSignin.accessToken, refreshes: { url: '/signin/auth/refresh', payload: { refreshToken: inSignin.refreshToken } } }
  }
}

t.test('a former address is restored: every session ends, the password is dead, and a reset mail makes the account its owner\'s again', async t => {
  await outlet.registerVerified(kunci, 'owner@example.com', 'owner')
  const sessions = await everySession('owner@example.com', 'owner', outlet.PASSWORD)
  for (const [name, { shows, token }] of Object.entries(sessions)) t.equal((await app.inject({ url: shows, headers: bearer(token) })).statusCode, 200, name)
  await updateProfile(kunci, sessions['donation']?.token ?? '', { email: 'thief@example.com' })
  clock.advance(5)

  const response = await restoreEmail(kunci, await restoreToken(kunci, 'owner@example.com'))
  t.equal(response.statusCode, 200)
  t.same(response.json(), restored('owner@example.com'))
  t.equal(response.headers['set-cookie'], undefined, 'it signs nobody in')
  for (const [name, { shows, token, refreshes }] of Object.entries(sessions)) {
    t.equal((await app.inject({ url: shows, headers: bearer(token) })).statusCode, 401, name)
    if (refreshes !== undefined) t.equal((await app.inject({ method: 'POST', ...refreshes })).statusCode, 401, name)
  }
  for (const email of ['owner@example.com', 'thief@example.com']) {
    t.equal((await tryLogin(kunci, email, outlet.PASSWORD)).statusCode, 401, email)
    t.equal((await app.inject({ method: 'POST', url: '/api/auth/login', payload: { email, password: outlet.PASSWORD } })).statusCode, 401, email)
  }
  t.equal((await app.inject({ method: 'POST', url: '/signin/auth/signin', payload: { username: 'owner', password: outlet.PASSWORD } })).statusCode, 401)

  const mails = await mailsTo(kunci, 'owner@example.com', mail.reset)
  t.equal(mails.length, 1)
  t.match(mails[0]?.text, `Buka tautan ini untuk memilih kata sandi baru:\n\nhttp://auth.test/reset-password?token=${mails[0]?.token}\n`)
  t.equal((await submitPassword(kunci, mails[0]?.token ?? '', NEW)).statusCode, 200)
  t.match((await verifyToken(kunci, await login(kunci, 'owner@example.com', NEW))).json(), { data: { email: 'owner@example.com' } })
  const { accessToken } = await outlet.login(kunci, 'owner@example.com', NEW)
  t.match((await outlet.profile(kunci, accessToken)).json(), { data: { email: 'owner@example.com', isConfirmed: true } }, 'the link proves the address')
})

t.test('what was mailed to the address that was taken away is dead', async t => {
  const { former, latter } = await changed('pending')
  const verification = await tokenIn(kunci, latter, mail.verification)
  await requestReset(kunci, latter)
  const reset = await tokenIn(kunci, latter, mail.reset)
  clock.advance(1)
  await app.inject({ method: 'POST', url: '/member/api/auth/send-verification-email', payload: { email: latter } })
  const recovery = await mailedToken(kunci, latter)
  t.equal(new Set([verification, reset, recovery, '']).size, 4)
  t.equal((await restoreEmail(kunci, await restoreToken(kunci, former))).statusCode, 200)

  t.equal((await app.inject({ method: 'POST', url: '/auth/verify', payload: { token: verification } })).statusCode, 400)
  t.equal((await submitPassword(kunci, reset, NEW)).statusCode, 401)
  t.equal((await app.inject({ method: 'POST', url: '/member/api/auth/verify-email', payload: { token: recovery } })).statusCode, 400)
})

t.test('a link is used once', async t => {
  const { former } = await changed('once')
  const token = await restoreToken(kunci, former)
  t.same((await Promise.all([restoreEmail(kunci, token), restoreEmail(kunci, token)])).map(answer => answer.statusCode).sort(), [200, 401])
  const again = await restoreEmail(kunci, token)
  t.equal(again.statusCode, 401)
  t.same(again.json(), BAD_TOKEN)
  t.equal((await mailsTo(kunci, former, mail.reset)).length, 1)
})

t.test('a link is good for 7 days', async t => {
  const inTime = await changed('intime')
  const late = await changed('late')
  const links = [await restoreToken(kunci, inTime.former), await restoreToken(kunci, late.former)] as const
  clock.advance(WEEK - 1)
  t.same((await restoreEmail(kunci, links[0])).json(), restored(inTime.former))
  clock.advance(1)
  const response = await restoreEmail(kunci, links[1])
  t.equal(response.statusCode, 401)
  t.same(response.json(), BAD_TOKEN)
  t.equal((await tryLogin(kunci, late.latter)).statusCode, 200)
})

t.test('what was not mailed for it is refused', async t => {
  const { former, latter, token: access } = await changed('forged')
  const other = await changed('spent')
  const spent = await restoreToken(kunci, other.former)
  await restoreEmail(kunci, spent)
  await requestReset(kunci, latter)
  const reset = await tokenIn(kunci, latter, mail.reset)
  clock.advance(1)
  await app.inject({ method: 'POST', url: '/member/api/auth/send-verification-email', payload: { email: latter } })
  const token = await restoreToken(kunci, former)
  const tokens: Record<string, string> = {
    ...misspellings(token),
    'one with padding': `${token}=`,
    'one with white space': `${token} `,
    'one that verifies an address': await tokenIn(kunci, latter, mail.verification),
    'one that resets the password': reset,
    'one of the recovery in three steps': await mailedToken(kunci, latter),
    'an access token': access,
    "another account's spent one": spent,
    garbage: 'garbage',
    'ten kilobytes': 'A'.repeat(10_000)
  }
  for (const [name, forged] of Object.entries(tokens)) {
    const response = await restoreEmail(kunci, forged)
    t.equal(response.statusCode, 401, name)
    t.same(response.json(), BAD_TOKEN, name)
  }
  t.equal((await verifyToken(kunci, access)).json().data.email, latter)
  t.equal((await restoreEmail(kunci, token)).statusCode, 200)
})

t.test('a token that is missing or no text is refused', async t => {
  const cases: Array<[object, object]> = [
    [{}, { message: 'Data input tidak lengkap', errors: ['Token harus diisi'] }],
    [{ token: '' }, { message: 'Data input tidak lengkap', errors: ['Token harus diisi'] }],
    [{ token: 1 }, { message: 'Token harus berupa teks' }],
    [{ token: 'x', email: 'x@example.com' }, { message: 'Field tidak diizinkan: email' }]
  ]
  for (const [payload, refusal] of cases) {
    const response = await app.inject({ method: 'POST', url: `${DONATION}/restore-email`, payload })
    t.equal(response.statusCode, 400, JSON.stringify(payload))
    t.same(response.json(), { success: false, ...refusal }, JSON.stringify(payload))
  }
})

t.test('opening the link does not spend it', async t => {
  const { former } = await changed('opened')
  const token = await restoreToken(kunci, former)
  for (const url of [`/restore-email?token=${token}`, `${DONATION}/restore-email?token=${token}`]) t.equal((await app.inject({ url })).statusCode, 404)
  t.equal((await restoreEmail(kunci, token)).statusCode, 200)
})

t.test('a disabled account is not restored until it is enabled again', async t => {
  const { former, latter } = await changed('locked')
  const token = await restoreToken(kunci, former)
  await sql`update users set disabled_at = ${clock.now} where email = ${latter}`
  const response = await restoreEmail(kunci, token)
  t.equal(response.statusCode, 401)
  t.same(response.json(), BAD_TOKEN)
  await sql`update users set disabled_at = null where email = ${latter}`
  t.same((await restoreEmail(kunci, token)).json(), restored(former))
})

t.test('an account that had no verified address is restored as well, and then has one', async t => {
  const { former } = await changed('unproven')
  await restoreEmail(kunci, await restoreToken(kunci, former))
  t.equal((await submitPassword(kunci, await tokenIn(kunci, former, mail.reset), PASSWORD)).statusCode, 200, 'the password may be the same again')
  t.same(await sql`select email_verified_at is null as unproven from users where email = ${former}`, [{ unproven: false }])
})
