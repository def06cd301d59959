import t from 'tap'
import { bearer, build, mailedToken, readMails } from '../helper.js'
import { cookieOf, login, PASSWORD, profile, refresh, register, registerVerified } from './client.js'
import { misspellings } from '../misspellings.js'

const NEW = 'Rahasia-baru 7'
const BAD_RESET = { status: 400, message: 'Invalid reset token' }
const SENT = { status: 200, message: 'Password reset email sent' }
const RESET_SUBJECT = 'Reset your password'
const NOTICE_SUBJECT = 'Your password was changed'

const kunci = await build(t)
const { app, clock, sql } = kunci

async function change (accessToken: string, oldPassword: string, newPassword: string) {
  return await app.inject({ method: 'PATCH', url: '/auth/password', headers: bearer(accessToken), payload: { oldPassword, newPassword } })
}

async function forgot (email: string) {
  return await app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email } })
}

async function reset (token: string, password: string, confirmPassword = password) {
  return await app.inject({ method: 'POST', url: '/auth/password/reset', payload: { token, password, confirmPassword } })
}

/** Asks for a reset a moment later than whatever was mailed before, and reads its token. */
async function resetToken (email: string): Promise<string> {
  clock.advance(1)
  await forgot(email)
  return await mailedToken(kunci, email)
}

async function loginStatus (email: string, password: string): Promise<number> {
  return (await app.inject({ method: 'POST', url: '/auth/login', payload: { email, password } })).statusCode
}

async function mailsTo (address: string, subject: string): Promise<number> {
  return (await readMails(kunci)).filter(mail => mail.to === address && mail.subject === subject).length
}

const unfit: Record<string, [string, string[]]> = {
  'seven characters': ['Abcd-12', ['must be at least 8 characters']],
  '129 characters': ['Aa1!'.repeat(32) + 'x', ['must be at most 128 characters']],
  'no letter': ['1234-5678', ['must contain a letter']],
  'no digit': ['abcd-efgh', ['must contain a digit']],
  'no symbol': ['abcd1234', ['must contain a symbol']],
  'neither letter nor digit': ['!?!?!?!?', ['must contain a letter', 'must contain a digit']],
  'short and without digit and symbol': ['abc', ['must be at least 8 characters', 'must contain a digit', 'must contain a symbol']],
  'a common word with what is asked for': ['Qwerty123!', ['is one of the most common passwords']],
  'a common word with an at sign': ['Password@123', ['is one of the most common passwords']],
  'a common word with look-alikes': ['P@ssw0rd1!', ['is one of the most common passwords']],
  'the sample in other case': ['PassworD123!', ['is one of the most common passwords']],
  'the sample with another ending': ['Password123@', ['is one of the most common passwords']],
  'a digit in full width': ['Welcome１@', ['is one of the most common passwords']]
}

const fit = { 'eight characters': 'Rumah-07', '128 characters': 'Aa1!'.repeat(32), 'letters of another script': 'пароль-12', 'a space for a symbol': 'kopi susu 7', "the document's own": PASSWORD }

t.test('a new password takes the place of the old one, and the account is told', async t => {
  await registerVerified(kunci, 'change@example.com', 'change')
  const calling = await login(kunci, 'change@example.com')
  const others = [await login(kunci, 'change@example.com'), await login(kunci, 'change@example.com')]
  clock.advance(5)

  const response = await change(calling.accessToken, PASSWORD, NEW)
  t.equal(response.statusCode, 200)
  t.same(response.json(), { status: 200, message: 'Password updated' })
  t.same(response.cookies, [])

  t.equal((await profile(kunci, calling.accessToken)).statusCode, 200, 'the session that asks goes on')
  const refreshed = await refresh(kunci, calling.cookie)
  t.equal(refreshed.statusCode, 200)
  t.equal((await profile(kunci, refreshed.json().access_token)).statusCode, 200)
  for (const other of others) {
    t.equal((await profile(kunci, other.accessToken)).statusCode, 401)
    t.equal((await refresh(kunci, other.cookie)).statusCode, 401)
  }
  t.equal(await loginStatus('change@example.com', PASSWORD), 401)
  t.equal(await loginStatus('change@example.com', NEW), 200)
  t.equal(await mailsTo('change@example.com', NOTICE_SUBJECT), 1)
})

t.test('a wrong old password changes nothing', async t => {
  await registerVerified(kunci, 'wrong@example.com', 'wrong')
  const calling = await login(kunci, 'wrong@example.com')
  const other = await login(kunci, 'wrong@example.com')
  for (const oldPassword of ['wrong', 'password123!', `${PASSWORD} `, NEW]) {
    const response = await change(calling.accessToken, oldPassword, NEW)
    t.equal(response.statusCode, 400, oldPassword)
    t.same(response.json(), { status: 400, message: 'Old password is incorrect' }, oldPassword)
  }
  t.equal((await profile(kunci, other.accessToken)).statusCode, 200)
  t.equal(await loginStatus('wrong@example.com', PASSWORD), 200)
  t.equal(await mailsTo('wrong@example.com', NOTICE_SUBJECT), 0)
})

t.test('the rules hold for a password that is changed', async t => {
  await registerVerified(kunci, 'rules@example.com', 'rules')
  const { accessToken } = await login(kunci, 'rules@example.com')
  for (const [name, [password, broken]] of Object.entries(unfit)) {
    const response = await change(accessToken, PASSWORD, password)
    t.equal(response.statusCode, 400, name)
    t.same(response.json(), { status: 400, message: 'Validation failed', errors: broken.map(rule => `newPassword ${rule}`) }, name)
  }
  t.equal(await loginStatus('rules@example.com', PASSWORD), 200)

  let old = PASSWORD
  for (const [name, password] of Object.entries(fit)) {
    t.equal((await change(accessToken, old, password)).statusCode, 200, name)
    t.equal(await loginStatus('rules@example.com', password), 200, name)
    old = password
  }
})

t.test('who is not signed in changes no password', async t => {
  await registerVerified(kunci, 'anonymous@example.com', 'anonymous')
  const { cookie } = await login(kunci, 'anonymous@example.com')
  const payload = { oldPassword: PASSWORD, newPassword: NEW }
  const without = await app.inject({ method: 'PATCH', url: '/auth/password', headers: { cookie: `refresh_token=${cookie}` }, payload })
  t.equal(without.statusCode, 401)
  t.same(without.json(), { status: 401, message: 'Access token required' })
  const bad = await app.inject({ method: 'PATCH', url: '/auth/password', headers: bearer(cookie), payload })
  t.equal(bad.statusCode, 401)
  t.same(bad.json(), { status: 401, message: 'Invalid or expired token' })
  t.equal(await loginStatus('anonymous@example.com', PASSWORD), 200)
})

t.test('of two changes at once, from one old password, one holds', async t => {
  await registerVerified(kunci, 'race@example.com', 'race')
  const one = await login(kunci, 'race@example.com')
  const other = await login(kunci, 'race@example.com')
  const passwords = ['Pertama-2026', 'Kedua-2026'] as const
  const answers = await Promise.all([change(one.accessToken, PASSWORD, passwords[0]), change(other.accessToken, PASSWORD, passwords[1])])
  const statuses = answers.map(answer => answer.statusCode)
  t.equal(statuses.filter(status => status === 200).length, 1)
  t.notOk(statuses.some(status => status >= 500))
  for (const [index, password] of passwords.entries()) {
    t.equal(await loginStatus('race@example.com', password), statuses[index] === 200 ? 200 : 401)
  }
})

t.test('asking for a reset answers the same for everybody', async t => {
  await registerVerified(kunci, 'known@example.com', 'known')
  await register(kunci, { email: 'unproven@example.com', username: 'unproven' })
  await registerVerified(kunci, 'disabled@example.com', 'disabled')
  await sql`update users set disabled_at = ${clock.now} where email = 'disabled@example.com'`

  for (const email of ['known@example.com', ' KNOWN@Example.com', 'unproven@example.com', 'disabled@example.com', 'unknown@example.com']) {
    const response = await forgot(email)
    t.equal(response.statusCode, 200, email)
    t.same(response.json(), SENT, email)
  }
  t.equal(await mailsTo('known@example.com', RESET_SUBJECT), 2)
  t.equal(await mailsTo('unproven@example.com', RESET_SUBJECT), 1)
  t.equal(await mailsTo('disabled@example.com', RESET_SUBJECT), 0)
  t.equal(await mailsTo('unknown@example.com', RESET_SUBJECT), 0)

  const mail = (await readMails(kunci)).find(({ to, subject }) => to === 'unproven@example.com' && subject === RESET_SUBJECT)
  t.match(mail?.text, `http://auth.test/reset-password?token=${mail?.token}\n`)
  const malformed = await forgot('unknown')
  t.equal(malformed.statusCode, 400)
  t.same(malformed.json(), { status: 400, message: 'Validation failed', errors: ['email must be a valid email address'] })
})

t.test('an address gets at most five mails an hour, and who asks is not told', async t => {
  await registerVerified(kunci, 'five@example.com', 'five')
  clock.advance(3600)
  const asked = async (times: number) => {
    for (let time = 0; time < times; time++) {
      const response = await forgot('five@example.com')
      t.equal(response.statusCode, 200)
      t.same(response.json(), SENT)
    }
    return await mailsTo('five@example.com', RESET_SUBJECT)
  }
  t.equal(await asked(7), 5)
  clock.advance(3599)
  t.equal(await asked(1), 5, 'still in the hour')
  clock.advance(1)
  t.equal(await asked(7), 10, 'an hour later')

  await registerVerified(kunci, 'burst@example.com', 'burst')
  clock.advance(3600)
  await Promise.all(Array.from({ length: 12 }, async () => await forgot('burst@example.com')))
  t.equal(await mailsTo('burst@example.com', RESET_SUBJECT), 5, 'all at once')
})

t.test('a mailed token sets a new password, once, and every session ends', async t => {
  await registerVerified(kunci, 'reset@example.com', 'reset')
  const sessions = [await login(kunci, 'reset@example.com'), await login(kunci, 'reset@example.com')]
  const token = await resetToken('reset@example.com')

  const response = await reset(token, NEW)
  t.equal(response.statusCode, 200)
  t.same(response.json(), { status: 200, message: 'Password reset successfully' })
  t.same(response.cookies, [], 'it signs nobody in')
  for (const session of sessions) {
    t.equal((await profile(kunci, session.accessToken)).statusCode, 401)
    t.equal((await refresh(kunci, session.cookie)).statusCode, 401)
  }
  t.equal(await loginStatus('reset@example.com', PASSWORD), 401)
  t.equal(await loginStatus('reset@example.com', NEW), 200)
  t.equal(await mailsTo('reset@example.com', NOTICE_SUBJECT), 1)

  const again = await reset(token, 'Yang-lain 8')
  t.equal(again.statusCode, 400)
  t.same(again.json(), BAD_RESET)
  t.equal(await loginStatus('reset@example.com', NEW), 200)
})

t.test('even the session that sends the token ends', async t => {
  await registerVerified(kunci, 'sends@example.com', 'sends')
  const { accessToken } = await login(kunci, 'sends@example.com')
  const token = await resetToken('sends@example.com')
  const response = await app.inject({ method: 'POST', url: '/auth/password/reset', headers: bearer(accessToken), payload: { token, password: NEW, confirmPassword: NEW } })
  t.equal(response.statusCode, 200)
  t.equal((await profile(kunci, accessToken)).statusCode, 401)
})

t.test('a reset token is good for an hour', async t => {
  await registerVerified(kunci, 'hour@example.com', 'hour')
  const inTime = await resetToken('hour@example.com')
  clock.advance(3599)
  t.equal((await reset(inTime, NEW)).statusCode, 200)

  const late = await resetToken('hour@example.com')
  clock.advance(3600)
  const response = await reset(late, 'Yang-lain 8')
  t.equal(response.statusCode, 400)
  t.same(response.json(), BAD_RESET)
  t.equal(await loginStatus('hour@example.com', NEW), 200)
})

t.test('a newer token kills the older one', async t => {
  await registerVerified(kunci, 'newer@example.com', 'newer')
  const older = await resetToken('newer@example.com')
  const newer = await resetToken('newer@example.com')
  t.not(older, newer)
  const response = await reset(older, NEW)
  t.equal(response.statusCode, 400)
  t.same(response.json(), BAD_RESET)
  t.equal((await reset(newer, NEW)).statusCode, 200)
})

t.test('a token that was not mailed for a reset is refused', async t => {
  await registerVerified(kunci, 'forged@example.com', 'forged')
  await registerVerified(kunci, 'other@example.com', 'other')
  await register(kunci, { email: 'toverify@example.com', username: 'toverify' })
  const verification = await mailedToken(kunci, 'toverify@example.com')
  const { accessToken, cookie } = await login(kunci, 'forged@example.com')
  const spent = await resetToken('other@example.com')
  await reset(spent, NEW)
  const token = await resetToken('forged@example.com')
  const tokens: Record<string, string> = {
    ...misspellings(token),
    'half of one': token.slice(0, 49),
    'one with padding': `${token}=`,
    'one with white space': ` ${token}`,
    'two of them': token + token,
    'a verification token': verification,
    'a refresh token': cookie,
    'an access token': accessToken,
    "another account's spent token": spent,
    garbage: 'garbage',
    'ten kilobytes': 'A'.repeat(10_000)
  }
  for (const [name, forged] of Object.entries(tokens)) {
    const response = await reset(forged, NEW)
    t.equal(response.statusCode, 400, name)
    t.same(response.json(), BAD_RESET, name)
  }
  t.equal(await loginStatus('forged@example.com', PASSWORD), 200)
  t.equal((await app.inject({ method: 'POST', url: '/auth/verify', payload: { token: verification } })).statusCode, 200, 'what was refused here is still good there')
  t.equal((await reset(token, NEW)).statusCode, 200)
})

t.test('an unfit password and an unequal confirmation do not spend the token', async t => {
  await registerVerified(kunci, 'unfit@example.com', 'unfit')
  const token = await resetToken('unfit@example.com')
  for (const [name, [password, broken]] of Object.entries(unfit)) {
    const response = await reset(token, password)
    t.equal(response.statusCode, 400, name)
    t.same(response.json(), { status: 400, message: 'Validation failed', errors: broken.map(rule => `password ${rule}`) }, name)
  }
  for (const confirmPassword of [`${NEW} `, NEW.toLowerCase(), 'x']) {
    const response = await reset(token, NEW, confirmPassword)
    t.equal(response.statusCode, 400)
    t.same(response.json(), { status: 400, message: 'Validation failed', errors: ['confirmPassword must match password'] })
  }
  t.equal(await loginStatus('unfit@example.com', PASSWORD), 200)
  t.equal((await reset(token, NEW)).statusCode, 200)
})

t.test('a reset proves the address of an account that was not verified', async t => {
  await register(kunci, { email: 'proves@example.com', username: 'proves' })
  const verification = await mailedToken(kunci, 'proves@example.com')
  t.equal(await loginStatus('proves@example.com', PASSWORD), 403)
  t.equal((await reset(await resetToken('proves@example.com'), NEW)).statusCode, 200)
  const { accessToken } = await login(kunci, 'proves@example.com', NEW)
  t.match((await profile(kunci, accessToken)).json(), { data: { email: 'proves@example.com', isConfirmed: true } })
  t.equal((await app.inject({ method: 'POST', url: '/auth/verify', payload: { token: verification } })).statusCode, 400, 'the verification mailed before is dead')
})

t.test('of two resets at once with one token one wins', async t => {
  await registerVerified(kunci, 'atonce@example.com', 'atonce')
  const token = await resetToken('atonce@example.com')
  const passwords = ['Pertama-2026', 'Kedua-2026'] as const
  const answers = await Promise.all(passwords.map(async password => await reset(token, password)))
  t.same(answers.map(answer => answer.statusCode).sort(), [200, 400])
  t.same(answers.find(answer => answer.statusCode === 400)?.json(), BAD_RESET)
  for (const [index, password] of passwords.entries()) {
    t.equal(await loginStatus('atonce@example.com', password), answers[index]?.statusCode === 200 ? 200 : 401)
  }
  t.equal(await mailsTo('atonce@example.com', NOTICE_SUBJECT), 1)
})

t.test('whatever was mailed before a password changed is dead after it', async t => {
  const ways = {
    reset: async (email: string) => await reset(await resetToken(email), NEW),
    change: async (email: string) => await change((await login(kunci, email)).accessToken, PASSWORD, NEW)
  }
  for (const [way, renew] of Object.entries(ways)) {
    const email = `${way}.before@example.com`
    await registerVerified(kunci, email, `${way}.before`)
    const { accessToken } = await login(kunci, email)
    await app.inject({ method: 'PATCH', url: '/auth/profile', headers: bearer(accessToken), payload: { email: `thief.${way}@example.com`, currentPassword: PASSWORD } })
    const pending = await mailedToken(kunci, `thief.${way}@example.com`)
    t.not(pending, '')

    t.equal((await renew(email)).statusCode, 200, way)
    const proof = await app.inject({ method: 'POST', url: '/auth/verify', payload: { token: pending } })
    t.equal(proof.statusCode, 400, way)
    t.same(proof.json(), { status: 400, message: 'Invalid verification token' }, way)
    t.equal(await loginStatus(email, NEW), 200, way)
  }

  await registerVerified(kunci, 'link@example.com', 'link')
  const link = await resetToken('link@example.com')
  await change((await login(kunci, 'link@example.com')).accessToken, PASSWORD, NEW)
  t.same((await reset(link, 'Yang-lain 8')).json(), BAD_RESET)
})

t.test('a disabled account is not reset by a link from before', async t => {
  await registerVerified(kunci, 'locked@example.com', 'locked')
  const token = await resetToken('locked@example.com')
  await sql`update users set disabled_at = ${clock.now} where email = 'locked@example.com'`
  const response = await reset(token, NEW)
  t.equal(response.statusCode, 400)
  t.same(response.json(), BAD_RESET)
  await sql`update users set disabled_at = null where email = 'locked@example.com'`
  t.equal(await loginStatus('locked@example.com', PASSWORD), 200)
})

t.test('a reset while a refresh is under way leaves no session alive', async t => {
  await registerVerified(kunci, 'underway@example.com', 'underway')
  const { cookie } = await login(kunci, 'underway@example.com')
  const token = await resetToken('underway@example.com')
  const [refreshed, done] = await Promise.all([refresh(kunci, cookie), reset(token, NEW)])
  t.equal(done.statusCode, 200)
  t.equal((await refresh(kunci, cookie)).statusCode, 401)
  if (refreshed.statusCode === 200) t.equal((await refresh(kunci, cookieOf(refreshed))).statusCode, 401)
  t.same(await sql`select 1 from sessions join users on users.id = user_id where email = 'underway@example.com' and revoked_at is null`, [])
})
