import t from 'tap'
import { bearer, build, mailedToken, readMails } from '../helper.js'
import { BAD_PROOF, goesOn, invalid, login, PASSWORD, post, prove, recoveryToken, signUp, succeeded } from './client.js'

const UPDATED = succeeded('Profile updated successfully')
const PROVEN = succeeded('Email verified successfully')
const CONFIRM = 'Confirm your new email address'

const kunci = await build(t, { CONTRACTS: '' })
const { app, clock, sql } = kunci

async function edit (accessToken: string, payload: object) {
  return await post(kunci, 'edit-profile', payload, bearer(accessToken))
}

/** Asks for a new address and reads the token that was mailed to it. */
async function pendingToken (accessToken: string, email: string): Promise<string> {
  clock.advance(1)
  t.strictSame((await edit(accessToken, { email, current_password: PASSWORD })).json(), UPDATED)
  return await mailedToken(kunci, email)
}

async function emailOf (username: string): Promise<string> {
  const [row] = await sql<Array<{ email: string }>>`select email from users where username = ${username}`
  return row?.email ?? ''
}

async function subjectsTo (address: string): Promise<string[]> {
  return (await readMails(kunci)).filter(mail => mail.to === address).map(mail => mail.subject)
}

t.test('a new email holds when it is proven, and the old address is told', async t => {
  await signUp(kunci, 'moving')
  t.same(await subjectsTo('moving@example.com'), ['Verify your email address'])
  const session = await login(kunci, 'moving')
  const other = await login(kunci, 'moving')
  clock.advance(1)
  const asked = await edit(session.accessToken, { email: ' New@Example.com ', name: 'Siti', current_password: PASSWORD })
  t.equal(asked.statusCode, 200)
  t.strictSame(asked.json(), UPDATED)
  t.same(await sql`select email, name from users where username = 'moving'`, [{ email: 'moving@example.com', name: 'Siti' }], 'the field beside it holds at once')
  t.same(await subjectsTo('new@example.com'), [CONFIRM])
  const mail = (await readMails(kunci)).find(({ to }) => to === 'new@example.com')
  t.match(mail?.text, `http://auth.test/verify-email?token=${mail?.token}\n`)

  clock.advance(1)
  const proven = await prove(kunci, await mailedToken(kunci, 'new@example.com'), bearer(session.accessToken))
  t.equal(proven.statusCode, 200)
  t.strictSame(proven.json(), PROVEN)
  t.same(await sql`select email, email_verified_at from users where username = 'moving'`, [{ email: 'new@example.com', email_verified_at: clock.now }])
  t.same(await subjectsTo('moving@example.com'), ['Verify your email address', 'The email address of your account was changed'])
  t.ok(await goesOn(kunci, session), 'the session that proved it goes on')
  t.notOk(await goesOn(kunci, other), 'every other that began before ends')
  t.equal((await signUp(kunci, 'successor', 'moving@example.com')).statusCode, 201, 'the old address is free')
})

t.test('the token of a new address is good at the same step of another contract', async t => {
  await signUp(kunci, 'elsewhere')
  const { accessToken } = await login(kunci, 'elsewhere')
  const token = await pendingToken(accessToken, 'proven.elsewhere@example.com')
  t.equal((await app.inject({ method: 'POST', url: '/auth/verify', payload: { token } })).statusCode, 200)
  t.equal(await emailOf('elsewhere'), 'proven.elsewhere@example.com')
  t.strictSame((await prove(kunci, token)).json(), BAD_PROOF)
})

t.test('a new email needs the current password', async t => {
  await signUp(kunci, 'guarded')
  const { accessToken } = await login(kunci, 'guarded')
  const change = { username: 'guarded too', email: 'thief@example.com' }
  const missing = await edit(accessToken, change)
  t.equal(missing.statusCode, 400)
  t.strictSame(missing.json(), invalid('current_password is required'))
  for (const wrong of ['wrong', `${PASSWORD} `, PASSWORD.toUpperCase()]) {
    const response = await edit(accessToken, { ...change, current_password: wrong })
    t.equal(response.statusCode, 400, wrong)
    t.strictSame(response.json(), { status: 'Error', status_code: 400, message: 'Current password is incorrect' }, wrong)
  }
  t.strictSame((await edit(accessToken, { ...change, current_password: null })).json(), invalid('current_password must be a string'))
  t.equal(await emailOf('guarded'), 'guarded@example.com', 'the username beside it is not taken either')
  t.same(await subjectsTo('thief@example.com'), [])
})

t.test('an email that somebody has is refused, to whoever knows the password', async t => {
  await signUp(kunci, 'taken')
  await signUp(kunci, 'asks')
  const { accessToken } = await login(kunci, 'asks')
  for (const email of ['taken@example.com', ' TAKEN@Example.com']) {
    const response = await edit(accessToken, { email, name: 'Not taken either', current_password: PASSWORD })
    t.equal(response.statusCode, 409)
    t.strictSame(response.json(), { status: 'Error', status_code: 409, message: 'Email already exists' })
    const wrong = await edit(accessToken, { email, current_password: 'wrong' })
    t.equal(wrong.statusCode, 400, 'nobody else learns whether an address is known')
    t.strictSame(wrong.json(), { status: 'Error', status_code: 400, message: 'Current password is incorrect' })
  }
  t.same(await sql`select name, email from users where username = 'asks'`, [{ name: 'Jefli Jonathan', email: 'asks@example.com' }])
  t.same(await subjectsTo('taken@example.com'), ['Verify your email address'])
})

t.test('a new email beside a username that is taken comes to nothing', async t => {
  await signUp(kunci, 'occupied')
  await signUp(kunci, 'unlucky')
  const { accessToken } = await login(kunci, 'unlucky')
  const response = await edit(accessToken, { username: 'OCCUPIED', email: 'lucky@example.com', current_password: PASSWORD })
  t.equal(response.statusCode, 409)
  t.strictSame(response.json(), { status: 'Error', status_code: 409, message: 'Username already exists' })
  t.same(await subjectsTo('lucky@example.com'), [])
  t.same(await sql`select from one_time_tokens where email = 'lucky@example.com'`, [])
})

t.test('an address that was taken before it was proven stays with who has it', async t => {
  await signUp(kunci, 'slow')
  const { accessToken } = await login(kunci, 'slow')
  const token = await pendingToken(accessToken, 'wanted@example.com')
  t.equal((await signUp(kunci, 'quick', 'wanted@example.com')).statusCode, 201)
  const response = await prove(kunci, token)
  t.equal(response.statusCode, 400)
  t.strictSame(response.json(), BAD_PROOF)
  t.equal(await emailOf('slow'), 'slow@example.com')
})

t.test('of two new addresses the later one counts', async t => {
  await signUp(kunci, 'twice')
  const { accessToken } = await login(kunci, 'twice')
  const earlier = await pendingToken(accessToken, 'mistyped@example.com')
  const later = await pendingToken(accessToken, 'meant@example.com')
  t.strictSame((await prove(kunci, earlier, bearer(accessToken))).json(), BAD_PROOF)
  t.strictSame((await prove(kunci, later, bearer(accessToken))).json(), PROVEN)
  t.equal(await emailOf('twice'), 'meant@example.com')
})

t.test('a recovery goes to the address that holds, and its token dies when another takes its place', async t => {
  await signUp(kunci, 'recovers')
  const { accessToken } = await login(kunci, 'recovers')
  const pending = await pendingToken(accessToken, 'pending@example.com')
  await recoveryToken(kunci, 'pending@example.com')
  t.same(await subjectsTo('pending@example.com'), [CONFIRM])
  const token = await recoveryToken(kunci, 'recovers@example.com')
  t.strictSame((await prove(kunci, token, bearer(accessToken))).json(), PROVEN)
  t.strictSame((await prove(kunci, pending, bearer(accessToken))).json(), PROVEN)
  t.strictSame((await prove(kunci, token)).json(), BAD_PROOF)
  const response = await post(kunci, 'reset-password', { token, password: 'kopi susu gula aren' })
  t.equal(response.statusCode, 400)
  t.strictSame(response.json(), { status: 'Error', status_code: 400, message: 'Invalid reset token' })
})

t.test('the own email is no change and needs no password', async t => {
  await signUp(kunci, 'same')
  const { accessToken } = await login(kunci, 'same')
  for (const email of ['same@example.com', ' SAME@Example.com ']) {
    const response = await edit(accessToken, { email })
    t.equal(response.statusCode, 200)
    t.strictSame(response.json(), UPDATED)
  }
  t.same(await subjectsTo('same@example.com'), ['Verify your email address'])
})

t.test('a malformed email is refused', async t => {
  await signUp(kunci, 'malformed')
  const { accessToken } = await login(kunci, 'malformed')
  for (const email of ['siti', 'siti@', 'siti@example', 's\u00efti@example.com', '\u212airana@example.com', 'a@b.example, c@d.example', 'a@b.example\nBcc: c@d.example', `${'a'.repeat(90)}@example.com`]) {
    const response = await edit(accessToken, { email, current_password: PASSWORD })
    t.equal(response.statusCode, 400, email)
    t.strictSame(response.json(), invalid('email must be a valid email address'), email)
  }
  t.equal(await emailOf('malformed'), 'malformed@example.com')
})
