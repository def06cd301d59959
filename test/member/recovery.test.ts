import t from 'tap'
import { build, mailedToken, readMails } from '../helper.js'
import { login as loginToOutlet } from '../outlet/client.js'
import { BAD_PROOF, BAD_RESET, invalid, loginStatus, PASSWORD, post, prove, recoveryToken, reset, signUp, succeeded } from './client.js'

const NEW = 'kopi susu gula aren'
const SUBJECT = 'Recover your account'
const PROVEN = succeeded('Email verified successfully')
const RESET = succeeded('Password reset successfully')

const kunci = await build(t, { CONTRACTS: '' })
const { app, clock, sql } = kunci

async function ask (email: string) {
  return await post(kunci, 'send-verification-email', { email })
}

async function mailsTo (address: string, subject = SUBJECT): Promise<number> {
  return (await readMails(kunci)).filter(mail => mail.to === address && mail.subject === subject).length
}

t.test('a forgotten password is replaced in three steps: mailed, proven, reset', async t => {
  await signUp(kunci, 'jefli jonathan', 'jefli@example.com')
  clock.advance(1)
  const asked = await ask(' Jefli@Example.com ')
  t.equal(asked.statusCode, 200)
  t.strictSame(asked.json(), { ...succeeded('Verification email sent successfully'), data: { email: 'jefli@example.com' } })
  const mail = (await readMails(kunci)).find(({ to, subject }) => to === 'jefli@example.com' && subject === SUBJECT)
  t.match(mail?.text, 'the account "jefli jonathan"')
  t.match(mail?.text, `http://auth.test/recover-account?token=${mail?.token}\n`)

  const token = await mailedToken(kunci, 'jefli@example.com')
  const unproven = await reset(kunci, token, NEW)
  t.equal(unproven.statusCode, 400)
  t.strictSame(unproven.json(), BAD_RESET, 'never without the step between')
  t.equal(await loginStatus(kunci, 'jefli jonathan'), 200)

  const proven = await prove(kunci, token)
  t.equal(proven.statusCode, 200)
  t.strictSame(proven.json(), PROVEN)
  t.equal(await loginStatus(kunci, 'jefli jonathan'), 200, 'proving alone changes no password')

  const done = await reset(kunci, token, NEW)
  t.equal(done.statusCode, 200)
  t.strictSame(done.json(), RESET)
  t.same(done.cookies, [], 'it signs nobody in')
  t.equal(await loginStatus(kunci, 'jefli jonathan'), 401)
  t.equal(await loginStatus(kunci, 'jefli jonathan', NEW), 200)
  t.equal(await mailsTo('jefli@example.com', 'Your password was changed'), 1)
})

t.test('proving may be repeated, resetting may not', async t => {
  await signUp(kunci, 'repeats')
  const token = await recoveryToken(kunci, 'repeats@example.com')
  for (let times = 0; times < 3; times++) {
    clock.advance(60)
    t.strictSame((await prove(kunci, token)).json(), PROVEN)
  }
  t.same((await Promise.all([prove(kunci, token), prove(kunci, token)])).map(answer => answer.statusCode), [200, 200], 'also at once')
  t.strictSame((await reset(kunci, token, NEW)).json(), RESET)

  const again = await reset(kunci, token, 'yang lain lagi')
  t.equal(again.statusCode, 400)
  t.strictSame(again.json(), BAD_RESET)
  const provenAgain = await prove(kunci, token)
  t.equal(provenAgain.statusCode, 400)
  t.strictSame(provenAgain.json(), BAD_PROOF)
  t.equal(await loginStatus(kunci, 'repeats', NEW), 200)
})

t.test('the first proof verifies the address', async t => {
  await signUp(kunci, 'unverified')
  t.equal((await app.inject({ method: 'POST', url: '/auth/login', payload: { email: 'unverified@example.com', password: PASSWORD } })).statusCode, 403)
  const token = await recoveryToken(kunci, 'unverified@example.com')
  const proven = clock.now
  await prove(kunci, token)
  clock.advance(60)
  await prove(kunci, token)
  t.type((await loginToOutlet(kunci, 'unverified@example.com', PASSWORD)).accessToken, 'string')
  t.same(await sql`select email_verified_at from users where username = 'unverified'`, [{ email_verified_at: proven }])
  t.equal((await sql`select from audit_events join users on users.id = user_id where type = 'email.verified' and username = 'unverified'`).length, 1)
})

t.test('opening the link spends nothing', async t => {
  await signUp(kunci, 'opens')
  const token = await recoveryToken(kunci, 'opens@example.com')
  for (const path of ['/recover-account', '/member/api/auth/verify-email', '/member/api/auth/reset-password']) {
    t.equal((await app.inject(`${path}?token=${token}`)).statusCode, 404, path)
  }
  t.strictSame((await reset(kunci, token, NEW)).json(), BAD_RESET, 'nor does it prove anything')
  t.strictSame((await prove(kunci, token)).json(), PROVEN)
  t.strictSame((await reset(kunci, token, NEW)).json(), RESET)
})

t.test('an unfit password does not spend the token', async t => {
  await signUp(kunci, 'unfit')
  const token = await recoveryToken(kunci, 'unfit@example.com')
  await prove(kunci, token)
  const unfit: Array<[string, string]> = [
    ['pendek1', 'password must be at least 8 characters'],
    ['x'.repeat(129), 'password must be at most 128 characters'],
    ['password123', 'password is one of the most common passwords'],
    ['', 'password is required']
  ]
  for (const [password, error] of unfit) {
    const response = await reset(kunci, token, password)
    t.equal(response.statusCode, 400, error)
    t.strictSame(response.json(), invalid(error))
  }
  t.equal(await loginStatus(kunci, 'unfit'), 200)
  t.strictSame((await reset(kunci, token, NEW)).json(), RESET)
})

t.test('asking answers the same for everybody, and mails only whom it concerns', async t => {
  await signUp(kunci, 'known')
  await signUp(kunci, 'disabled')
  await sql`update users set disabled_at = ${clock.now} where username = 'disabled'`
  clock.advance(1)
  for (const email of ['known@example.com', 'KNOWN@EXAMPLE.COM', 'disabled@example.com', 'unknown@example.com']) {
    const response = await ask(email)
    t.equal(response.statusCode, 200, email)
    t.strictSame(response.json(), { ...succeeded('Verification email sent successfully'), data: { email: email.toLowerCase() } }, email)
  }
  t.equal(await mailsTo('known@example.com'), 2)
  t.equal(await mailsTo('disabled@example.com'), 0)
  t.equal(await mailsTo('unknown@example.com'), 0)
})

t.test('an address gets at most five mails an hour, and the last one sent stays good', async t => {
  await signUp(kunci, 'often')
  clock.advance(3600)
  let last = ''
  for (let times = 0; times < 5; times++) last = await recoveryToken(kunci, 'often@example.com')
  for (let times = 0; times < 3; times++) t.equal(await recoveryToken(kunci, 'often@example.com'), last)
  t.equal(await mailsTo('often@example.com'), 5)
  t.strictSame((await prove(kunci, last)).json(), PROVEN)
})

t.test('what is asked for must be there and well formed', async t => {
  const token = 'x'.repeat(98)
  const cases: Array<[string, object, string[]]> = [
    ['send-verification-email', {}, ['email is required']],
    ['send-verification-email', { email: 'siti' }, ['email must be a valid email address']],
    ['send-verification-email', { email: ['siti@example.com'] }, ['email must be a string']],
    ['send-verification-email', { email: 'siti@example.com', username: 'siti' }, ['username is not allowed']],
    ['verify-email', {}, ['token is required']],
    ['verify-email', { token: 1 }, ['token must be a string']],
    ['verify-email', { token, password: NEW }, ['password is not allowed']],
    ['reset-password', {}, ['token is required', 'password is required']],
    ['reset-password', { token, password: 12345678 }, ['password must be a string']],
    ['reset-password', { token, password: NEW, email: 'siti@example.com' }, ['email is not allowed']]
  ]
  for (const [path, payload, errors] of cases) {
    const response = await post(kunci, path, payload)
    t.equal(response.statusCode, 400, errors.join())
    t.strictSame(response.json(), invalid(...errors), errors.join())
  }
})

t.test('the mail opens the page of the application that asked', async t => {
  const kunci = await build(t, { CONTRACTS: '', APP_URL: 'member=https://anggota.example/app,signin=https://masuk.example' })
  await signUp(kunci, 'siti')
  const token = await recoveryToken(kunci, 'siti@example.com')
  t.match((await readMails(kunci)).map(mail => mail.text), [/https:\/\/masuk\.example\/verify-email\?token=/, `https://anggota.example/app/recover-account?token=${token}\n`])
})
