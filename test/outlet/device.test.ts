import t from 'tap'
import { bearer, build, mailedToken } from '../helper.js'
import { cookieOf, deviceOf, login, PASSWORD, registerVerified, tryPassword } from './client.js'

const DAY = 24 * 3600
const LIFETIME = 180 * DAY
const NEW = 'Rahasia-baru 7'

/** An identifier, and a device, may have two wrong passwords in 15 minutes. */
const LIMITED = { RATE_LIMIT: 'on', ACCOUNT_LIMIT: '2' }
const kunci = await build(t, LIMITED)
const { app, clock, sql } = kunci

async function account (username: string): Promise<string> {
  await registerVerified(kunci, `${username}@example.com`, username)
  return `${username}@example.com`
}

function carrying (...tokens: string[]): string {
  return tokens.map(token => `refresh_token_device=${token}`).join('; ')
}

/** @returns the token by which a browser is known after a sign-in, with the tokens that it had before */
async function device (email: string, ...before: string[]): Promise<string> {
  return deviceOf(await tryPassword(kunci, PASSWORD, email, carrying(...before)))
}

/** @returns the status of a sign-in by a browser with these tokens */
async function signIn (email: string, tokens: string[] = [], password = PASSWORD): Promise<number> {
  return (await tryPassword(kunci, password, email, carrying(...tokens))).statusCode
}

/** Uses up what an identifier may have, or a device. */
async function lock (email: string, ...tokens: string[]): Promise<void> {
  for (let times = 0; times < 2; times++) await signIn(email, tokens, 'wrong')
}

t.test('a sign-in sets a second cookie, named after that of the refresh token and like it, for 180 days', async t => {
  const cases = [
    [{ COOKIE_NAME: '__Host-kunci', COOKIE_PATH: '/', COOKIE_SAMESITE: 'None' }, '__Host-kunci', { path: '/', httpOnly: true, secure: true, sameSite: 'None' }],
    [{ COOKIE_DOMAIN: 'shop.example', COOKIE_SAMESITE: 'Lax' }, 'refresh_token', { domain: 'shop.example', path: '/auth', httpOnly: true, secure: true, sameSite: 'Lax' }]
  ] as const
  for (const [env, name, attributes] of cases) {
    const kunci = await build(t, { ...env, ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: PASSWORD })
    const { cookies, headers } = await tryPassword(kunci, PASSWORD, 'admin@example.com')
    const [refreshCookie, deviceCookie] = cookies
    t.same(cookies, [
      { name, value: refreshCookie?.value, maxAge: 3 * DAY, ...attributes },
      { name: `${name}_device`, value: deviceCookie?.value, maxAge: LIFETIME, ...attributes }
    ])
    t.match(deviceCookie?.value, /^[\w-]{98}$/)
    t.equal(headers['cache-control'], 'no-store')
  }
})

t.test('nothing else sets it or takes it away, signing out included, and it goes on after', async t => {
  const email = await account('keeps')
  const loggedIn = await tryPassword(kunci, PASSWORD, email)
  const token = deviceOf(loggedIn)
  const authorization = bearer(loggedIn.json().data.access_token)
  const cookie = `refresh_token=${cookieOf(loggedIn)}; ${carrying(token)}`
  const changed = await app.inject({ method: 'PATCH', url: '/auth/password', headers: { ...authorization, cookie }, payload: { oldPassword: PASSWORD, newPassword: NEW } })
  t.equal(changed.statusCode, 200)
  t.same(changed.cookies, [])
  const refreshed = await app.inject({ method: 'POST', url: '/auth/refresh', headers: { cookie } })
  t.same(refreshed.cookies.map(({ name }) => name), ['refresh_token'])
  for (const path of ['/auth/logout', '/auth/logout/all']) {
    const { accessToken } = await login(kunci, email, NEW)
    const response = await app.inject({ method: 'POST', url: path, headers: { ...bearer(accessToken), cookie } })
    t.equal(response.statusCode, 200)
    t.same(response.cookies.map(({ name, value }) => [name, value]), [['refresh_token', '']], path)
  }
  await lock(email)
  t.equal(await signIn(email, [token], NEW), 200)
})

t.test('where strangers have locked the account, its owner gets in on a device that signed in before, through any instance', async t => {
  const email = await account('owner')
  const cookie = carrying(await device(email))
  await lock(email)
  const other = await build(t, LIMITED, kunci)
  for (const instance of [kunci, other]) {
    t.equal((await tryPassword(instance, PASSWORD, email)).statusCode, 429)
    t.equal((await tryPassword(instance, PASSWORD, email, cookie)).statusCode, 200)
  }
})

t.test('wrong passwords of a device lock that device alone, for 15 minutes, and it has no more of the identifier', async t => {
  const email = await account('mistypes')
  const token = await device(email)
  const elsewhere = await device(email)
  t.not(token, elsewhere)
  await lock(email, token)
  clock.advance(60)
  const locked = await tryPassword(kunci, PASSWORD, email, carrying(token))
  t.equal(locked.statusCode, 429)
  t.same(locked.json(), { status: 429, message: 'Too many requests' })
  t.equal(locked.headers['retry-after'], '840')
  t.equal(await signIn(email, [elsewhere]), 200)
  t.equal(await signIn(email, [], 'wrong'), 401, 'nothing of the identifier was used')
  t.equal(await signIn(email), 200)
  clock.advance(840)
  t.equal(await signIn(email, [token]), 200)
})

t.test('it is known for 180 days after its last sign-in, and stays the same device', async t => {
  const email = await account('returns')
  const first = await device(email)
  clock.advance(LIFETIME - 1)
  await lock(email)
  const renewed = await device(email, first)
  t.match(renewed, /^[\w-]{98}$/)
  t.not(renewed, first)
  t.equal(await signIn(email, [first], 'wrong'), 401)
  t.equal(await signIn(email, [renewed], 'wrong'), 401)
  t.equal(await signIn(email, [first]), 429, 'the old token and the new speak of one device')

  clock.advance(LIFETIME - 1)
  await lock(email)
  t.equal(await signIn(email, [first]), 429, 'expired')
  t.equal(await signIn(email, [renewed]), 200)
  clock.advance(1)
  t.equal(await signIn(email, [renewed]), 429, 'expired')
})

t.test('an expired device that signs in becomes a new one', async t => {
  const email = await account('comes-late')
  const expired = await device(email)
  clock.advance(LIFETIME)
  const fresh = await device(email, expired)
  await lock(email, fresh)
  t.equal(await signIn(email, [fresh]), 429)
  t.equal(await signIn(email, [expired]), 200, 'not locked with it: counted like any browser that is not known')
})

t.test('of several cookies of the name the first that is good for the account counts', async t => {
  const email = await account('has-several')
  const [first, second, others] = [await device(email), await device(email), await device(await account('stranger'))]
  await lock(email)
  t.equal(await signIn(email, [...Array<string>(50).fill('junk'), others, '', first]), 200)
  await lock(email, await device(email, first, second))
  t.equal(await signIn(email, [first, second]), 429, 'the other is not turned to')
  t.equal(await signIn(email, [second, first]), 200)
})

t.test('a browser is known by the account that signed in there last', async t => {
  const email = await account('shares')
  const first = await device(email)
  const second = await device(await account('sits-down-later'), first)
  await lock(email)
  t.equal(await signIn(email, [second]), 429)
  t.equal(await signIn(email, [first]), 200)
})

t.test('whoever locked a device by forgetting the password gets in there by a reset', async t => {
  const email = await account('forgets')
  const token = await device(email)
  await lock(email, token)
  t.equal(await signIn(email, [token]), 429)
  await app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email } })
  const payload = { token: await mailedToken(kunci, email), password: NEW, confirmPassword: NEW }
  t.equal((await app.inject({ method: 'POST', url: '/auth/password/reset', payload })).statusCode, 200)
  t.equal(await signIn(email, [token], NEW), 200)
  await lock(email)
  t.equal(await signIn(email, [token], NEW), 200, 'it is known still')
  await lock(email, token)
  t.equal(await signIn(email, [token], NEW), 429, 'and counted')
})

t.test('it is known under a new address of the account too, and after a change of secrets', async t => {
  const token = await device(await account('moves'))
  const email = 'moved@example.com'
  await sql`update users set email = ${email} where username = 'moves'`
  await lock(email)
  t.equal(await signIn(email), 429)
  const AUTH_SECRET = 'another secret for tests and of more than 32 bytes,a secret for tests alone and of more than 32 bytes'
  const later = await build(t, { ...LIMITED, AUTH_SECRET }, kunci)
  t.equal((await tryPassword(later, PASSWORD, email, carrying(token))).statusCode, 200)
})

t.test('no other contract gives it or takes it', async t => {
  const kunci = await build(t, { ...LIMITED, CONTRACTS: '', COOKIE_PATH: '/' })
  await registerVerified(kunci)
  const cookie = carrying(deviceOf(await tryPassword(kunci, PASSWORD)))
  const others = { '/api/auth/login': { email: 'siti@example.com' }, '/donation/auth/login': { email: 'siti@example.com' }, '/member/api/auth/login': { username: 'siti' }, '/signin/auth/signin': { username: 'siti' } }
  for (const [url, identifier] of Object.entries(others)) {
    const send = async (password: string) => await kunci.app.inject({ method: 'POST', url, headers: { cookie }, payload: { ...identifier, password } })
    const right = await send(PASSWORD)
    t.equal(right.statusCode, 200, url)
    t.same(right.cookies, [], url)
    for (let times = 0; times < 2; times++) await send('wrong')
    t.equal((await send(PASSWORD)).statusCode, 429, url)
    kunci.clock.advance(15 * 60)
  }
})

t.test('nothing of a device is stored or logged', async t => {
  const email = await account('leaves-no-trace')
  const token = await device(email)
  await signIn(email, [token], 'wrong')
  const id = Buffer.from(token, 'base64url').toString('hex', 21, 37)
  const tables = await sql<Array<{ name: string }>>`select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'`
  const stored = JSON.stringify(await Promise.all(tables.map(async ({ name }) => await sql.unsafe(`select * from ${name}`)))) + kunci.log.join('')
  t.match(stored, '"failures":1')
  for (const trace of [token, id, id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')]) t.notMatch(stored, trace)
})
