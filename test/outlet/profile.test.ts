import { createHmac, randomUUID, sign } from 'node:crypto'
import t from 'tap'
import { bearer, build, mailedToken, readMails } from '../helper.js'
import { choices, login, PASSWORD, profile, refresh, register, registerVerified } from './client.js'

const REQUIRED = { status: 401, message: 'Access token required' }
const BAD_TOKEN = { status: 401, message: 'Invalid or expired token' }
const USERNAME_RULE = 'username must be 3 to 50 letters, digits, dots, underscores, hyphens or single inner spaces'

const kunci = await build(t)
const { app, clock, sql } = kunci
const { outlet, user } = await choices(kunci)

async function change (accessToken: string, payload: Record<string, unknown>) {
  return await app.inject({ method: 'PATCH', url: '/auth/profile', headers: bearer(accessToken), payload })
}

async function verify (token: string, headers: Record<string, string> = {}) {
  return await app.inject({ method: 'POST', url: '/auth/verify', headers, payload: { token } })
}

async function subjectsTo (address: string): Promise<string[]> {
  return (await readMails(kunci)).filter(mail => mail.to === address).map(mail => mail.subject)
}

function decoded (part: string | undefined): Record<string, unknown> {
  return JSON.parse(Buffer.from(part ?? '', 'base64url').toString())
}

function encoded (part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}

t.test('the profile is shown whole', async t => {
  const since = clock.now.toISOString()
  await registerVerified(kunci, 'whole@example.com', 'whole')
  const { accessToken } = await login(kunci, 'whole@example.com')
  const response = await profile(kunci, accessToken)
  t.equal(response.statusCode, 200)
  const [row] = await sql`select id from users where email = 'whole@example.com'`
  t.same(response.json(), {
    status: 200,
    message: 'Get profile success',
    data: {
      id: row?.['id'],
      email: 'whole@example.com',
      username: 'whole',
      isConfirmed: true,
      outlet: { id: outlet, name: 'Main Outlet' },
      role: { id: user, name: 'user', isAdmin: false },
      createdAt: since,
      updatedAt: since
    }
  })
})

t.test('an account without outlet, username and role shows none', async t => {
  await registerVerified(kunci, 'bare@example.com', 'bare')
  // Before the sign-in: another outlet makes the tokens from before it void, as soon as that is heard of.
  await sql`update users set username = null, outlet_id = null where email = 'bare@example.com'`
  const { accessToken } = await login(kunci, 'bare@example.com')
  t.match((await profile(kunci, accessToken)).json(), { status: 200, data: { email: 'bare@example.com', username: null, outlet: null, isConfirmed: true } })
})

t.test('it takes an access token that is good here and now', async t => {
  await registerVerified(kunci, 'tokens@example.com', 'tokens')
  const { accessToken, cookie } = await login(kunci, 'tokens@example.com')
  const [header, payload, signature] = accessToken.split('.')
  const claims = decoded(payload)
  const current = app.keys.current()
  // Signed by the server's own key, so that only what is said in it can be wrong (ES256, RFC 7518, section 3.4).
  const signed = (changes: object, typ = 'at+jwt', kid: unknown = current.kid) => {
    const text = `${encoded({ alg: 'ES256', typ, kid })}.${encoded({ ...claims, ...changes })}`
    return `${text}.${sign('sha256', Buffer.from(text), { key: current.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }
  t.equal((await profile(kunci, signed({}))).statusCode, 200, 'what is signed here like this is good')

  const otherServer = await build(t)
  await registerVerified(otherServer, 'tokens@example.com', 'tokens')
  const elsewhere = await login(otherServer, 'tokens@example.com')
  const withHs256 = `${encoded({ ...decoded(header), alg: 'HS256' })}.${payload}`
  const refused: Record<string, string> = {
    garbage: 'garbage',
    'three parts of garbage': 'a.b.c',
    'a token without its signature': `${header}.${payload}.`,
    'a token without a third part': `${header}.${payload}`,
    'a token of no algorithm': `${encoded({ ...decoded(header), alg: 'none' })}.${payload}.`,
    'a token signed by the public key as a secret': `${withHs256}.${createHmac('sha256', String(current.publicKey)).update(withHs256).digest('base64url')}`,
    'a payload that was changed': `${header}.${encoded({ ...claims, sub: randomUUID() })}.${signature}`,
    'a signature that was changed': accessToken.slice(0, -4) + (accessToken.endsWith('AAAA') ? 'BBBB' : 'AAAA'),
    'the refresh token': cookie,
    "another server's token": elsewhere.accessToken,
    "another contract's token": signed({ aud: 'console' }),
    'a token for several contracts': signed({ aud: ['outlet', 'console'] }),
    "another issuer's token": signed({ iss: 'http://evil.test' }),
    'a token of another type': signed({}, 'JWT'),
    'a token of an unknown key': signed({}, 'at+jwt', randomUUID()),
    'a token of a key that is no text': signed({}, 'at+jwt', { toString: current.kid }),
    'a token of no key': signed({}, 'at+jwt', null),
    'a token with ids that are none': signed({ sub: 'siti', sid: '1' }),
    'a token that never expires': signed({ exp: undefined }),
    'a token that expires in words': signed({ exp: 'never' }),
    'a token that expired': signed({ exp: Math.floor(clock.now.getTime() / 1000) }),
    'a token of no claims': signed(Object.fromEntries(Object.keys(claims).map(name => [name, undefined])))
  }
  for (const [name, token] of Object.entries(refused)) {
    const response = await profile(kunci, token)
    t.equal(response.statusCode, 401, name)
    t.same(response.json(), BAD_TOKEN, name)
  }

  const without = await app.inject({ method: 'GET', url: '/auth/profile', headers: { cookie: `refresh_token=${cookie}` } })
  t.equal(without.statusCode, 401)
  t.same(without.json(), REQUIRED)
  const changed = await app.inject({ method: 'PATCH', url: '/auth/profile', payload: { username: 'changed' } })
  t.equal(changed.statusCode, 401)
  t.same(changed.json(), REQUIRED)
})

t.test('an access token is good for 15 minutes', async t => {
  await registerVerified(kunci, 'minutes@example.com', 'minutes')
  const { accessToken } = await login(kunci, 'minutes@example.com')
  clock.advance(15 * 60 - 1)
  t.equal((await profile(kunci, accessToken)).statusCode, 200)
  clock.advance(1)
  const expired = await profile(kunci, accessToken)
  t.equal(expired.statusCode, 401)
  t.same(expired.json(), BAD_TOKEN)
})

t.test('a disabled account is shut out at once', async t => {
  await registerVerified(kunci, 'shut@example.com', 'shut')
  const { accessToken, cookie } = await login(kunci, 'shut@example.com')
  const [shut] = await sql<Array<{ id: string }>>`update users set disabled_at = ${clock.now} where email = 'shut@example.com' returning id`
  await app.revocations.settle(shut?.id ?? '')
  t.same((await profile(kunci, accessToken)).json(), BAD_TOKEN)
  t.same((await change(accessToken, { username: 'still here' })).json(), BAD_TOKEN)
  t.equal((await refresh(kunci, cookie)).statusCode, 401)
})

t.test('a new username holds at once', async t => {
  const createdAt = clock.now.toISOString()
  await registerVerified(kunci, 'name@example.com', 'name')
  const { accessToken } = await login(kunci, 'name@example.com')
  const before = (await profile(kunci, accessToken)).json().data

  for (const username of ['jefli jonathan', 'abc', 'a'.repeat(50), 'a.b_c-d 1', '...', 'NAME', 'name', 'a b c']) {
    clock.advance(5)
    const response = await change(accessToken, { username })
    t.equal(response.statusCode, 200, username)
    const data = { ...before, username, createdAt, updatedAt: clock.now.toISOString() }
    t.same(response.json(), { status: 200, message: 'Profile updated', data })
    t.same((await profile(kunci, accessToken)).json().data, data)
  }
  t.same(await subjectsTo('name@example.com'), ['Verify your email address'])
})

t.test('a username that somebody has, in whatever case, is refused', async t => {
  await registerVerified(kunci, 'holder@example.com', 'Jefli J')
  await registerVerified(kunci, 'wants@example.com', 'wants')
  const { accessToken } = await login(kunci, 'wants@example.com')
  const before = (await profile(kunci, accessToken)).json()
  for (const username of ['Jefli J', 'jefli j', 'JEFLI J']) {
    const response = await change(accessToken, { username })
    t.equal(response.statusCode, 409, username)
    t.same(response.json(), { status: 409, message: 'User with this username already exists' })
  }
  t.same((await profile(kunci, accessToken)).json(), before)
})

t.test('a username of another form is refused', async t => {
  await registerVerified(kunci, 'form@example.com', 'form')
  const { accessToken } = await login(kunci, 'form@example.com')
  const before = (await profile(kunci, accessToken)).json()
  for (const username of ['a', 'ab', 'a'.repeat(51), ' siti', 'siti ', 'siti  dewi', 'siti\tdewi', 'siti\n', 'sitï', 'ѕiti', 'siti\u00a0dewi', 'siti\u200b', 'siti/dewi', 'siti@example.com', '<b>siti</b>', "siti'--", '   ', '😀😀😀']) {
    const response = await change(accessToken, { username })
    t.equal(response.statusCode, 400, JSON.stringify(username))
    t.same(response.json(), { status: 400, message: 'Validation failed', errors: [USERNAME_RULE] }, JSON.stringify(username))
  }
  const empty = await change(accessToken, { username: '' })
  t.equal(empty.statusCode, 400)
  t.match(empty.json(), { status: 400, message: 'Validation failed', errors: [/^username /] })
  t.same((await profile(kunci, accessToken)).json(), before)
})

t.test('a new email holds when it is proven, and the old address is told', async t => {
  await registerVerified(kunci, 'old@example.com', 'moving')
  const { accessToken, cookie } = await login(kunci, 'old@example.com')
  const other = await login(kunci, 'old@example.com')
  const before = (await profile(kunci, accessToken)).json().data

  clock.advance(5)
  const asked = await change(accessToken, { email: ' New@Example.com ', currentPassword: PASSWORD })
  t.equal(asked.statusCode, 200)
  t.same(asked.json(), { status: 200, message: 'Profile updated', data: before }, 'the old address is still shown')
  t.same((await profile(kunci, accessToken)).json().data, before)
  t.same(await subjectsTo('new@example.com'), ['Confirm your new email address'])
  t.same(await subjectsTo('old@example.com'), ['Verify your email address'], 'only the one of the registration')
  t.equal((await app.inject({ method: 'POST', url: '/auth/login', payload: { email: 'new@example.com', password: PASSWORD } })).statusCode, 401)

  clock.advance(5)
  const proven = await verify(await mailedToken(kunci, 'new@example.com'), bearer(accessToken))
  t.equal(proven.statusCode, 200)
  t.same(proven.json(), { status: 200, message: 'succes verified email' })
  t.same((await profile(kunci, accessToken)).json().data, { ...before, email: 'new@example.com', updatedAt: clock.now.toISOString() })
  t.same((await subjectsTo('old@example.com')).sort(), ['The email address of your account was changed', 'Verify your email address'])
  t.same(await subjectsTo('new@example.com'), ['Confirm your new email address'])
  t.equal((await app.inject({ method: 'POST', url: '/auth/login', payload: { email: 'old@example.com', password: PASSWORD } })).statusCode, 401)
  t.equal((await app.inject({ method: 'POST', url: '/auth/login', payload: { email: 'new@example.com', password: PASSWORD } })).statusCode, 200)
  t.equal((await refresh(kunci, cookie)).statusCode, 200, 'the session that proved it goes on')
  t.equal((await refresh(kunci, other.cookie)).statusCode, 401, 'every other that began before ends')
  t.equal((await register(kunci, { email: 'old@example.com', username: 'successor' })).statusCode, 200, 'the old address is free')
})

t.test('a new email needs the current password', async t => {
  await registerVerified(kunci, 'guarded@example.com', 'guarded')
  const { accessToken } = await login(kunci, 'guarded@example.com')
  const before = (await profile(kunci, accessToken)).json()

  const missing = await change(accessToken, { username: 'guarded too', email: 'thief@example.com' })
  t.equal(missing.statusCode, 400)
  t.same(missing.json(), { status: 400, message: 'Validation failed', errors: ['currentPassword is required'] })
  for (const currentPassword of ['wrong', 'Password124!', `${PASSWORD} `]) {
    const wrong = await change(accessToken, { username: 'guarded too', email: 'thief@example.com', currentPassword })
    t.equal(wrong.statusCode, 400)
    t.same(wrong.json(), { status: 400, message: 'Current password is incorrect' })
  }
  t.same((await profile(kunci, accessToken)).json(), before, 'the username beside it is not taken either')
  t.same(await subjectsTo('thief@example.com'), [])
})

t.test('an email that somebody has is refused, to whoever knows the password', async t => {
  await registerVerified(kunci, 'taken@example.com', 'taken')
  await registerVerified(kunci, 'asks@example.com', 'asks')
  const { accessToken } = await login(kunci, 'asks@example.com')
  for (const email of ['taken@example.com', ' TAKEN@example.com']) {
    const taken = await change(accessToken, { username: 'asks too', email, currentPassword: PASSWORD })
    t.equal(taken.statusCode, 409)
    t.same(taken.json(), { status: 409, message: 'User with this email already exists' })
    const wrong = await change(accessToken, { email, currentPassword: 'wrong' })
    t.equal(wrong.statusCode, 400)
    t.same(wrong.json(), { status: 400, message: 'Current password is incorrect' })
  }
  t.same((await profile(kunci, accessToken)).json().data.username, 'asks')
  t.equal((await subjectsTo('taken@example.com')).length, 1)
})

t.test('an address that was taken before it was proven stays with who has it', async t => {
  await registerVerified(kunci, 'slow@example.com', 'slow')
  const { accessToken } = await login(kunci, 'slow@example.com')
  await change(accessToken, { email: 'wanted@example.com', currentPassword: PASSWORD })
  const token = await mailedToken(kunci, 'wanted@example.com')
  clock.advance(5)
  t.equal((await register(kunci, { email: 'wanted@example.com', username: 'quick' })).statusCode, 200)

  const response = await verify(token, bearer(accessToken))
  t.equal(response.statusCode, 400)
  t.same(response.json(), { status: 400, message: 'Invalid verification token' })
  t.equal((await profile(kunci, accessToken)).json().data.email, 'slow@example.com')
})

t.test('of two changes of the email the later one counts', async t => {
  await registerVerified(kunci, 'twice@example.com', 'twice')
  const { accessToken } = await login(kunci, 'twice@example.com')
  await change(accessToken, { email: 'mistyped@example.com', currentPassword: PASSWORD })
  const earlier = await mailedToken(kunci, 'mistyped@example.com')
  clock.advance(5)
  await change(accessToken, { email: 'meant@example.com', currentPassword: PASSWORD })
  t.equal((await verify(earlier, bearer(accessToken))).statusCode, 400)
  t.equal((await verify(await mailedToken(kunci, 'meant@example.com'), bearer(accessToken))).statusCode, 200)
  t.equal((await profile(kunci, accessToken)).json().data.email, 'meant@example.com')
})

t.test('the own email is no change', async t => {
  await registerVerified(kunci, 'same@example.com', 'same')
  const { accessToken } = await login(kunci, 'same@example.com')
  const before = (await profile(kunci, accessToken)).json().data
  clock.advance(5)
  for (const email of ['same@example.com', ' SAME@Example.com ']) {
    const response = await change(accessToken, { email })
    t.equal(response.statusCode, 200)
    t.same(response.json(), { status: 200, message: 'Profile updated', data: before })
  }
  t.equal((await subjectsTo('same@example.com')).length, 1)

  const named = await change(accessToken, { email: 'same@example.com', username: 'same again' })
  t.equal(named.statusCode, 200)
  t.same(named.json().data, { ...before, username: 'same again', updatedAt: clock.now.toISOString() })
})

t.test('a malformed email is refused', async t => {
  await registerVerified(kunci, 'wellformed@example.com', 'wellformed')
  const { accessToken } = await login(kunci, 'wellformed@example.com')
  for (const email of ['siti', 'siti@', 'siti@example', 'sïti@example.com', 'a@b.example, c@d.example', 'a@b.example\nBcc: c@d.example', `${'a'.repeat(90)}@example.com`]) {
    const response = await change(accessToken, { email, currentPassword: PASSWORD })
    t.equal(response.statusCode, 400, email)
    t.same(response.json(), { status: 400, message: 'Validation failed', errors: ['email must be a valid email address'] }, email)
  }
})

t.test('an empty body is refused', async t => {
  await registerVerified(kunci, 'empty@example.com', 'empty')
  const { accessToken } = await login(kunci, 'empty@example.com')
  const bodies = [await change(accessToken, {}), await app.inject({ method: 'PATCH', url: '/auth/profile', headers: bearer(accessToken) })]
  for (const response of bodies) {
    t.equal(response.statusCode, 400)
    t.same(response.json(), { status: 400, message: 'Validation failed', errors: ['body must have something to change'] })
  }
})

t.test('nothing else of an account can be set', async t => {
  const { admin } = await choices(kunci)
  await registerVerified(kunci, 'power@example.com', 'power')
  const { accessToken } = await login(kunci, 'power@example.com')
  const rows = async () => await sql`select users.*, role_id, status from users join user_roles on user_id = users.id where email = 'power@example.com'`
  const before = await rows()

  const fields: Record<string, unknown> = {
    id: randomUUID(),
    isAdmin: true,
    is_admin: true,
    role: 'admin',
    role_id: admin,
    roles: [admin],
    email_verified_at: '2026-01-01T00:00:00.000Z',
    isConfirmed: true,
    permissions: ['users.create'],
    password: 'Geheim 2026!',
    password_hash: 'x',
    outlet_id: outlet,
    disabled_at: null,
    name: 'Siti',
    Username: 'Siti'
  }
  for (const [field, value] of Object.entries(fields)) {
    for (const payload of [{ [field]: value }, { username: 'more power', [field]: value }]) {
      const response = await change(accessToken, payload)
      t.equal(response.statusCode, 400, field)
      t.same(response.json(), { status: 400, message: 'Validation failed', errors: [`${field} is not allowed`] }, field)
    }
  }
  t.same(await rows(), before)
})

t.test('a password alone changes nothing, and is not compared', async t => {
  await registerVerified(kunci, 'alone@example.com', 'alone')
  const { accessToken } = await login(kunci, 'alone@example.com')
  const response = await app.inject({ method: 'PATCH', url: '/auth/profile', headers: bearer(accessToken), payload: { currentPassword: 'Salah-sekali-1' } })
  t.equal(response.statusCode, 400)
  t.same(response.json(), { status: 400, message: 'Validation failed', errors: ['body must have something to change'] })
})
