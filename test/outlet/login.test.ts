import t from 'tap'
import { bearer, build, mailedToken, START } from '../helper.js'
import { cookieOf, login, PASSWORD, profile, refresh, register, registerVerified } from './client.js'

const REFUSED = { status: 401, message: 'Invalid credentials' }

const kunci = await build(t)
const { app, sql } = kunci

async function signIn (email: unknown, password: unknown, headers: Record<string, string> = {}) {
  return await app.inject({ method: 'POST', url: '/auth/login', headers, payload: { email, password } })
}

async function sessionsOf (email: string): Promise<number> {
  return (await sql`select 1 from sessions join users on users.id = user_id where email = ${email}`).length
}

/** @returns how many attempts on the account were recorded as failed */
async function failuresOf (email: string): Promise<number> {
  return (await sql`select 1 from audit_events join users on users.id = user_id where email = ${email} and type = 'login.failed'`).length
}

t.test('an unknown email, a wrong password and a disabled account are refused alike', async t => {
  await registerVerified(kunci, 'alike@example.com', 'alike')
  await registerVerified(kunci, 'disabled@example.com', 'disabled')
  await sql`update users set disabled_at = ${START} where email = 'disabled@example.com'`

  const attempts = {
    'an unknown email': ['nobody@example.com', PASSWORD],
    'a wrong password': ['alike@example.com', 'Password124!'],
    'a password in other case': ['alike@example.com', 'pASSWORD123!'],
    'a password with a space around it': ['alike@example.com', `${PASSWORD} `],
    'a disabled account with its password': ['disabled@example.com', PASSWORD],
    'a disabled account with a wrong password': ['disabled@example.com', 'Password124!']
  }
  for (const [name, [email, password]] of Object.entries(attempts)) {
    const response = await signIn(email, password)
    t.equal(response.statusCode, 401, name)
    t.same(response.json(), REFUSED, name)
    t.same(response.cookies, [], name)
  }
  t.equal(await sessionsOf('alike@example.com'), 0)
  t.equal(await sessionsOf('disabled@example.com'), 0)
})

t.test('an unverified account is told so only with its password, and gets nothing', async t => {
  await register(kunci, { email: 'unverified@example.com', username: 'unverified' })

  const right = await signIn('unverified@example.com', PASSWORD)
  t.equal(right.statusCode, 403)
  t.same(right.json(), { status: 403, message: 'Email not verified' })
  t.same(right.cookies, [])
  const wrong = await signIn('unverified@example.com', 'Password124!')
  t.equal(wrong.statusCode, 401)
  t.same(wrong.json(), REFUSED)
  t.same(wrong.cookies, [])
  t.equal(await sessionsOf('unverified@example.com'), 0)

  await sql`update users set disabled_at = ${START} where email = 'unverified@example.com'`
  const disabled = await signIn('unverified@example.com', PASSWORD)
  t.equal(disabled.statusCode, 401)
  t.same(disabled.json(), REFUSED)
})

t.test('the email is trimmed and compared without case', async t => {
  t.equal((await register(kunci, { email: 'Ratna.Dewi@Example.com', username: 'ratna' })).statusCode, 200)
  await app.inject({ method: 'POST', url: '/auth/verify', payload: { token: await mailedToken(kunci, 'ratna.dewi@example.com') } })

  for (const email of ['ratna.dewi@example.com', 'RATNA.DEWI@EXAMPLE.COM', '  Ratna.Dewi@example.com\n']) {
    const response = await signIn(email, PASSWORD)
    t.equal(response.statusCode, 200, JSON.stringify(email))
    t.same((await profile(kunci, response.json().data.access_token)).json().data.email, 'ratna.dewi@example.com')
  }
})

t.test('a malformed email is an unknown one', async t => {
  for (const email of ['siti', 'siti@', '@example.com', 'a b@example.com', 'siti@example', 'sïti@example.com', '*', "' or 1=1 --", `${'a'.repeat(500)}@example.com`]) {
    const response = await signIn(email, PASSWORD)
    t.equal(response.statusCode, 401, email)
    t.same(response.json(), REFUSED, email)
    t.same(response.cookies, [], email)
  }
})

t.test('of the fields only presence and type are checked', async t => {
  await registerVerified(kunci, 'presence@example.com', 'presence')

  for (const password of ['abc', '1', ' ', 'Aa1!'.repeat(125), '密'.repeat(500)]) {
    const response = await signIn('presence@example.com', password)
    t.equal(response.statusCode, 401, `${password.length} characters`)
    t.same(response.json(), REFUSED)
  }
  const incomplete: Array<[Record<string, unknown>, string[]]> = [
    [{}, ['email is required', 'password is required']],
    [{ email: 'presence@example.com' }, ['password is required']],
    [{ password: PASSWORD }, ['email is required']],
    [{ email: 7, password: true }, ['email must be a string', 'password must be a string']]
  ]
  for (const [payload, errors] of incomplete) {
    const response = await app.inject({ method: 'POST', url: '/auth/login', payload })
    t.equal(response.statusCode, 400, JSON.stringify(payload))
    t.same(response.json(), { status: 400, message: 'Validation failed', errors })
    t.same(response.cookies, [])
  }
})

t.test("signing in with another account's cookie starts a session of its own and leaves the other's alone", async t => {
  await registerVerified(kunci, 'first@example.com', 'first')
  await registerVerified(kunci, 'second@example.com', 'second')
  const first = await login(kunci, 'first@example.com')

  const response = await signIn('second@example.com', PASSWORD, { cookie: `refresh_token=${first.cookie}`, ...bearer(first.accessToken) })
  t.equal(response.statusCode, 200)
  t.not(cookieOf(response), '')
  t.not(cookieOf(response), first.cookie)
  t.equal(await sessionsOf('first@example.com'), 1)
  t.equal(await sessionsOf('second@example.com'), 1)
  t.equal((await profile(kunci, response.json().data.access_token)).json().data.email, 'second@example.com')
  t.equal((await profile(kunci, first.accessToken)).json().data.email, 'first@example.com')

  const again = await refresh(kunci, first.cookie)
  t.equal(again.statusCode, 200)
  t.equal((await profile(kunci, again.json().access_token)).json().data.email, 'first@example.com')
})

t.test('signing in twice gives two sessions, each good', async t => {
  await registerVerified(kunci, 'twice@example.com', 'twice')
  const one = await login(kunci, 'twice@example.com')
  const other = await login(kunci, 'twice@example.com')
  t.not(one.cookie, other.cookie)
  for (const { accessToken, cookie } of [one, other]) {
    t.equal((await profile(kunci, accessToken)).statusCode, 200)
    t.equal((await refresh(kunci, cookie)).statusCode, 200)
  }
})

t.test('a password is the same in every Unicode form of it', async t => {
  const composed = 'Gado-gado Café 7 ﬁre'.normalize('NFC')
  const forms = { NFC: composed, NFD: composed.normalize('NFD'), NFKC: composed.normalize('NFKC'), NFKD: composed.normalize('NFKD') }
  t.equal(new Set(Object.values(forms)).size, 4)

  for (const [chosen, password] of Object.entries(forms)) {
    const email = `${chosen.toLowerCase()}@example.com`
    t.equal((await register(kunci, { email, username: chosen, password, confirmPassword: password })).statusCode, 200)
    await app.inject({ method: 'POST', url: '/auth/verify', payload: { token: await mailedToken(kunci, email) } })
    for (const [typed, form] of Object.entries(forms)) {
      t.equal((await signIn(email, form)).statusCode, 200, `chosen as ${chosen}, typed as ${typed}`)
    }
    t.equal((await signIn(email, composed.replace('é', 'e'))).statusCode, 401)
  }
})

t.test('a password counts to its last character', async t => {
  const start = 'Aa1!'.repeat(18)
  t.equal(Buffer.byteLength(start), 72)
  const chosen = start + 'x'.repeat(56)
  t.equal(chosen.length, 128)
  await register(kunci, { email: 'long@example.com', username: 'long', password: chosen, confirmPassword: chosen })
  await app.inject({ method: 'POST', url: '/auth/verify', payload: { token: await mailedToken(kunci, 'long@example.com') } })

  t.equal((await signIn('long@example.com', chosen)).statusCode, 200)
  for (const other of [start, `${start}x`, chosen.slice(0, -1), `${chosen}x`, `${chosen.slice(0, -1)}y`]) {
    t.equal((await signIn('long@example.com', other)).statusCode, 401, `${other.length} characters`)
  }
})

t.test('a failed login is an event of the account that it was tried on', async t => {
  await registerVerified(kunci, 'tried@example.com', 'tried')
  await registerVerified(kunci, 'untried@example.com', 'untried')
  const before = (await sql`select 1 from audit_events`).length

  await app.inject({ method: 'POST', url: '/auth/login', headers: { 'user-agent': 'Thief/1.0' }, remoteAddress: '203.0.113.7', payload: { email: 'TRIED@example.com', password: 'Password124!' } })
  const events = await sql`select type, contract, session_id, host(ip) as ip, user_agent, audit_events.created_at from audit_events join users on users.id = user_id where email = 'tried@example.com' and type = 'login.failed'`
  t.same(events, [{ type: 'login.failed', contract: 'outlet', session_id: null, ip: '203.0.113.7', user_agent: 'Thief/1.0', created_at: kunci.clock.now }])

  await sql`update users set disabled_at = ${START} where email = 'tried@example.com'`
  await signIn('tried@example.com', PASSWORD)
  t.equal(await failuresOf('tried@example.com'), 2)
  await signIn('nobody@example.com', PASSWORD)
  t.equal(await failuresOf('untried@example.com'), 0)
  t.equal((await sql`select 1 from audit_events`).length, before + 3)
})
