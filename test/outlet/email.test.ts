import { randomUUID } from 'node:crypto'
import t from 'tap'
import { bearer, build, mailedToken, readMails } from '../helper.js'
import { cookieOf, login, PASSWORD, profile, refresh, register, registerVerified, type SignedIn } from './client.js'
import { misspellings } from '../misspellings.js'

const VERIFIED = { status: 200, message: 'succes verified email' }
const BAD_TOKEN = { status: 400, message: 'Invalid verification token' }
const SENT = { status: 200, message: 'Verification email sent' }
const SUBJECT = 'Verify your email address'
const DAY = 24 * 3600

const kunci = await build(t)
const { app, clock, sql } = kunci

async function verify (token: string, headers: Record<string, string> = {}) {
  return await app.inject({ method: 'POST', url: '/auth/verify', headers, payload: { token } })
}

async function resend (email: string) {
  return await app.inject({ method: 'POST', url: '/auth/resend/verify', payload: { email } })
}

async function resendTo ({ accessToken }: SignedIn) {
  return await app.inject({ method: 'POST', url: '/auth/resend/verify', headers: bearer(accessToken) })
}

/** Asks for another mail a moment later than whatever was mailed before, and reads its token. */
async function newerToken (email: string): Promise<string> {
  clock.advance(1)
  await resend(email)
  return await mailedToken(kunci, email)
}

async function loginStatus (email: string): Promise<number> {
  return (await app.inject({ method: 'POST', url: '/auth/login', payload: { email, password: PASSWORD } })).statusCode
}

async function mailsTo (address: string): Promise<number> {
  return (await readMails(kunci)).filter(mail => mail.to === address && [SUBJECT, 'Confirm your new email address'].includes(mail.subject)).length
}

async function forgetMails (): Promise<void> {
  await readMails(kunci)
  await sql`delete from mail_outbox`
}

/** A session of an account that could not have signed in here: another contract's rule, or an earlier one, let it. */
async function sessionOf (email: string): Promise<SignedIn> {
  const id = randomUUID()
  const [row] = await sql<Array<{ accountId: string }>>`
    insert into sessions (user_id, id, contract, generation, created_at, rotated_at, expires_at, device)
    select id, ${id}, 'outlet', 1, ${clock.now}, ${clock.now}, ${new Date(clock.now.getTime() + DAY * 3000)}, 'desktop' from users where email = ${email}
    returning user_id as "accountId"`
  // Outlet refreshes only where the address is proven: it is, for a moment.
  await sql`update users set email_verified_at = ${clock.now} where email = ${email}`
  const response = await refresh(kunci, app.references.sign('refresh:outlet', { accountId: row?.accountId ?? '', rowId: id, counter: 1 }))
  await sql`update users set email_verified_at = null where email = ${email}`
  return { accessToken: response.json().access_token, cookie: cookieOf(response) }
}

t.test('a mailed token proves the address once', async t => {
  await register(kunci, { email: 'once@example.com', username: 'once' })
  const token = await mailedToken(kunci, 'once@example.com')
  clock.advance(60)
  const response = await verify(token)
  t.equal(response.statusCode, 200)
  t.same(response.json(), VERIFIED)
  t.same(response.cookies, [], 'it signs nobody in')
  const { accessToken } = await login(kunci, 'once@example.com')
  t.match((await profile(kunci, accessToken)).json(), { data: { isConfirmed: true, updatedAt: clock.now.toISOString() } })

  const again = await verify(token)
  t.equal(again.statusCode, 400)
  t.same(again.json(), BAD_TOKEN)
  t.equal((await profile(kunci, accessToken)).statusCode, 200, 'what is refused ends nothing')
})

t.test('of two that bring one token at once one is answered', async t => {
  await register(kunci, { email: 'atonce@example.com', username: 'atonce' })
  const token = await mailedToken(kunci, 'atonce@example.com')
  const answers = await Promise.all([verify(token), verify(token), verify(token)])
  t.same(answers.map(answer => answer.statusCode).sort(), [200, 400, 400])
})

t.test('opening the link does not spend the token', async t => {
  await register(kunci, { email: 'opened@example.com', username: 'opened' })
  const token = await mailedToken(kunci, 'opened@example.com')
  for (const url of [`/verify-email?token=${token}`, `/auth/verify?token=${token}`, `/auth/verify/${token}`]) {
    t.equal((await app.inject({ method: 'GET', url })).statusCode, 404, url.slice(0, 20))
  }
  t.equal((await verify(token)).statusCode, 200)
})

t.test('a verification token is good for 24 hours', async t => {
  await register(kunci, { email: 'intime@example.com', username: 'intime' })
  await register(kunci, { email: 'late@example.com', username: 'late' })
  const inTime = await mailedToken(kunci, 'intime@example.com')
  const late = await mailedToken(kunci, 'late@example.com')
  clock.advance(DAY - 1)
  t.equal((await verify(inTime)).statusCode, 200)
  clock.advance(1)
  const response = await verify(late)
  t.equal(response.statusCode, 400)
  t.same(response.json(), BAD_TOKEN)
  t.equal(await loginStatus('late@example.com'), 403)
  t.equal((await verify(await newerToken('late@example.com'))).statusCode, 200, 'a new mail helps')
})

t.test('a newer token kills the older one', async t => {
  await register(kunci, { email: 'newer@example.com', username: 'newer' })
  const older = await mailedToken(kunci, 'newer@example.com')
  const newer = await newerToken('newer@example.com')
  t.not(newer, older)
  const response = await verify(older)
  t.equal(response.statusCode, 400)
  t.same(response.json(), BAD_TOKEN)
  t.equal(await loginStatus('newer@example.com'), 403)
  t.equal((await verify(newer)).statusCode, 200)
})

t.test('what was not mailed for it is refused', async t => {
  await register(kunci, { email: 'forged@example.com', username: 'forged' })
  await registerVerified(kunci, 'other@example.com', 'other')
  const token = await mailedToken(kunci, 'forged@example.com')
  const { accessToken, cookie } = await login(kunci, 'other@example.com')
  clock.advance(1)
  await app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email: 'forged@example.com' } })
  const resetToken = await mailedToken(kunci, 'forged@example.com')
  t.not(resetToken, token)
  const tokens: Record<string, string> = {
    'a reset token': resetToken,
    'a refresh token': cookie,
    'an access token': accessToken,
    ...misspellings(token),
    'one with padding': `${token}==`,
    'one with white space before it': ` ${token}`,
    'one with a line break after it': `${token}\n`,
    'one in other case': token.toLowerCase(),
    'two of them': token + token,
    'a UUID': randomUUID(),
    garbage: 'garbage',
    'a single space': ' ',
    'as many characters': 'A'.repeat(token.length),
    'as many characters beyond ASCII': 'é'.repeat(token.length),
    'ten kilobytes': 'A'.repeat(10_000),
    'a piece of SQL': "' or 1=1 --"
  }
  for (const [name, forged] of Object.entries(tokens)) {
    const response = await verify(forged)
    t.equal(response.statusCode, 400, name)
    t.same(response.json(), BAD_TOKEN, name)
  }
  t.equal(await loginStatus('forged@example.com'), 403)
  t.equal((await verify(token)).statusCode, 200)
})

t.test('a disabled account is not proven by a link from before', async t => {
  await register(kunci, { email: 'locked@example.com', username: 'locked' })
  const token = await mailedToken(kunci, 'locked@example.com')
  await sql`update users set disabled_at = ${clock.now} where email = 'locked@example.com'`
  t.same((await verify(token)).json(), BAD_TOKEN)
  await sql`update users set disabled_at = null where email = 'locked@example.com'`
  t.equal(await loginStatus('locked@example.com'), 403)
})

t.test('a proof ends the sessions that began before it', async t => {
  await register(kunci, { email: 'before@example.com', username: 'before' })
  await registerVerified(kunci, 'bystander@example.com', 'bystander')
  const bystander = await login(kunci, 'bystander@example.com')
  const sessions = [await sessionOf('before@example.com'), await sessionOf('before@example.com')]
  for (const { accessToken } of sessions) t.equal((await profile(kunci, accessToken)).statusCode, 200)
  clock.advance(1)

  t.equal((await verify(await mailedToken(kunci, 'before@example.com'))).statusCode, 200)
  for (const { accessToken, cookie } of sessions) {
    t.equal((await profile(kunci, accessToken)).statusCode, 401)
    t.equal((await refresh(kunci, cookie)).statusCode, 401)
  }
  t.equal(await loginStatus('before@example.com'), 200)
  t.equal((await refresh(kunci, bystander.cookie)).statusCode, 200)
})

t.test("the account's own session that sends the token along goes on", async t => {
  await register(kunci, { email: 'along@example.com', username: 'along' })
  const sending = await sessionOf('along@example.com')
  const other = await sessionOf('along@example.com')
  clock.advance(1)
  const response = await verify(await mailedToken(kunci, 'along@example.com'), bearer(sending.accessToken))
  t.equal(response.statusCode, 200)
  t.same(response.json(), VERIFIED)
  t.equal((await profile(kunci, sending.accessToken)).statusCode, 200)
  t.equal((await refresh(kunci, sending.cookie)).statusCode, 200)
  t.equal((await profile(kunci, other.accessToken)).statusCode, 401)
  t.equal((await refresh(kunci, other.cookie)).statusCode, 401)
})

t.test("somebody else's session that sends the token keeps its own and saves no other", async t => {
  await register(kunci, { email: 'proven@example.com', username: 'proven' })
  await registerVerified(kunci, 'sender@example.com', 'sender')
  const victim = await sessionOf('proven@example.com')
  const sender = await login(kunci, 'sender@example.com')
  clock.advance(1)
  t.equal((await verify(await mailedToken(kunci, 'proven@example.com'), bearer(sender.accessToken))).statusCode, 200)
  t.equal((await profile(kunci, victim.accessToken)).statusCode, 401)
  t.equal((await profile(kunci, sender.accessToken)).statusCode, 200)
  t.equal((await profile(kunci, sender.accessToken)).json().data.email, 'sender@example.com')
})

t.test('asking by address answers the same for everybody; only who is unverified gets a mail', async t => {
  await registerVerified(kunci, 'verified@example.com', 'verified')
  await register(kunci, { email: 'unverified@example.com', username: 'unverified' })
  await register(kunci, { email: 'disabled@example.com', username: 'disabled' })
  t.equal(await mailsTo('disabled@example.com'), 1)
  await sql`update users set disabled_at = ${clock.now} where email = 'disabled@example.com'`
  clock.advance(1)

  for (const email of ['verified@example.com', 'unverified@example.com', ' UNVERIFIED@Example.com', 'disabled@example.com', 'unknown@example.com']) {
    const response = await resend(email)
    t.equal(response.statusCode, 200, email)
    t.same(response.json(), SENT, email)
    t.same(response.cookies, [], email)
  }
  t.equal(await mailsTo('verified@example.com'), 1, 'the one of its registration')
  t.equal(await mailsTo('unverified@example.com'), 3)
  t.equal(await mailsTo('disabled@example.com'), 1)
  t.equal(await mailsTo('unknown@example.com'), 0)

  const malformed = await resend('unknown')
  t.equal(malformed.statusCode, 400)
  t.same(malformed.json(), { status: 400, message: 'Validation failed', errors: ['email must be a valid email address'] })
})

t.test('a signed-in account gets the mail without naming its address', async t => {
  await register(kunci, { email: 'signedin@example.com', username: 'signedin' })
  const older = await mailedToken(kunci, 'signedin@example.com')
  const session = await sessionOf('signedin@example.com')
  clock.advance(1)
  const response = await resendTo(session)
  t.equal(response.statusCode, 200)
  t.same(response.json(), SENT)
  t.equal(await mailsTo('signedin@example.com'), 2)
  t.equal((await verify(older)).statusCode, 400)
  t.equal((await verify(await mailedToken(kunci, 'signedin@example.com'))).statusCode, 200)
})

t.test('while a new address waits to be proven, its mail is sent again', async t => {
  await registerVerified(kunci, 'from@example.com', 'from')
  const session = await login(kunci, 'from@example.com')
  await app.inject({ method: 'PATCH', url: '/auth/profile', headers: bearer(session.accessToken), payload: { email: 'to@example.com', currentPassword: PASSWORD } })
  t.equal(await mailsTo('to@example.com'), 1)
  clock.advance(1)
  t.same((await resendTo(session)).json(), SENT)
  t.equal(await mailsTo('to@example.com'), 2)
  t.equal((await verify(await mailedToken(kunci, 'to@example.com'), bearer(session.accessToken))).statusCode, 200)
  t.equal((await profile(kunci, session.accessToken)).json().data.email, 'to@example.com')
})

t.test('asking neither signed in nor by address is refused', async t => {
  const bodies = [{}, { payload: {} }]
  for (const body of bodies) {
    const response = await app.inject({ method: 'POST', url: '/auth/resend/verify', ...body })
    t.equal(response.statusCode, 401)
    t.same(response.json(), { status: 401, message: 'Access token required' })
  }
  const bad = await app.inject({ method: 'POST', url: '/auth/resend/verify', headers: bearer('bad') })
  t.equal(bad.statusCode, 401)
  t.same(bad.json(), { status: 401, message: 'Invalid or expired token' })
})

t.test('an address gets at most five mails of a kind an hour, however it is asked for', async t => {
  await register(kunci, { email: 'five@example.com', username: 'five' })
  const session = await sessionOf('five@example.com')
  const sent = [await mailsTo('five@example.com')]
  for (const ask of [resendTo, async () => await resend('five@example.com')]) {
    for (let times = 0; times < 3; times++) {
      t.same((await ask(session)).json(), SENT)
      sent.push(await mailsTo('five@example.com'))
    }
  }
  t.same(sent, [1, 2, 3, 4, 5, 5, 5], 'that of the registration is one of them')
  await app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email: 'five@example.com' } })
  t.equal((await readMails(kunci)).filter(mail => mail.to === 'five@example.com').length, 6, 'a reset has a count of its own')
  clock.advance(3599)
  t.same((await resend('five@example.com')).json(), SENT)
  t.equal(await mailsTo('five@example.com'), 5)
  clock.advance(1)
  t.same((await resend('five@example.com')).json(), SENT)
  t.equal(await mailsTo('five@example.com'), 6)
})

t.test('a mail beyond the limit does not kill the one that was sent', async t => {
  await register(kunci, { email: 'kept@example.com', username: 'kept' })
  const session = await sessionOf('kept@example.com')
  await readMails(kunci)
  for (let times = 0; times < 4; times++) {
    clock.advance(1)
    await resendTo(session)
    await readMails(kunci)
  }
  const last = await mailedToken(kunci, 'kept@example.com')
  t.equal(await mailsTo('kept@example.com'), 5)
  clock.advance(1)
  t.same((await resendTo(session)).json(), SENT)
  t.equal(await mailsTo('kept@example.com'), 5)
  t.equal((await verify(last)).statusCode, 200)
})

t.test('nothing that waits to be sent or was sent is a credential', async t => {
  await forgetMails()
  await register(kunci, { email: 'stored@example.com', username: 'stored' })
  await app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email: 'stored@example.com' } })
  const queued = JSON.stringify(await sql`select * from mail_outbox`)
  const tokens = (await readMails(kunci)).filter(mail => mail.to === 'stored@example.com').map(mail => mail.token)
  t.equal(tokens.length, 2)
  const kept = JSON.stringify([await sql`select * from mail_outbox`, await sql`select * from one_time_tokens`])
  for (const token of tokens) {
    t.equal(token.length, 98)
    t.notOk(queued.includes(token) || kept.includes(token))
    t.notOk(kept.includes(token.slice(-43)), 'nor is its signature')
  }
})

t.test('an access token that is not good any more does not stand in the way of a verification', async t => {
  const kunci = await build(t)
  await register(kunci, { email: 'stale@example.com', username: 'stale' })
  const response = await kunci.app.inject({
    method: 'POST', url: '/auth/verify', headers: { authorization: 'Bearer stale' }, payload: { token: await mailedToken(kunci, 'stale@example.com') }
  })
  t.equal(response.statusCode, 200)
  t.same(response.json(), { status: 200, message: 'succes verified email' })
})

t.test('requests in vain for an address do not use up the mails of whoever gets it', async t => {
  const kunci = await build(t)
  for (let count = 0; count < 6; count++) {
    await kunci.app.inject({ method: 'POST', url: '/auth/resend/verify', payload: { email: 'later@example.com' } })
  }
  t.same(await readMails(kunci), [])
  await register(kunci, { email: 'later@example.com', username: 'later' })
  t.equal((await readMails(kunci)).length, 1)
})
