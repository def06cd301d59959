import { randomUUID } from 'node:crypto'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { bearer, build } from '../helper.js'
import { cookieOf, login, PASSWORD, profile, refresh, registerVerified, type SignedIn } from './client.js'

const NOT_FOUND = { status: 404, message: 'Session not found' }
const REVOKED = { status: 200, message: 'Session revoked' }
const CLEARED = [{ name: 'refresh_token', value: '', expires: new Date(0), path: '/auth', httpOnly: true, secure: true, sameSite: 'Strict', maxAge: 0 }]

const agents = {
  phone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  tablet: 'Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1',
  desktop: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  unknown: 'curl/8.11.0'
}

const kunci = await build(t)
const { app, clock, sql } = kunci

async function list (accessToken: string) {
  return await app.inject({ method: 'GET', url: '/auth/sessions', headers: bearer(accessToken) })
}

async function remove (accessToken: string, id: string) {
  return await app.inject({ method: 'DELETE', url: `/auth/sessions/${id}`, headers: bearer(accessToken) })
}

/** @returns the id of the session that an access token belongs to */
async function idOf (accessToken: string): Promise<string> {
  const { data } = (await list(accessToken)).json<{ data: Array<{ id: string, current: boolean }> }>()
  return data.find(session => session.current)?.id ?? ''
}

async function loginAs (email: string, options: InjectOptions): Promise<SignedIn> {
  const response = await app.inject({ method: 'POST', url: '/auth/login', payload: { email, password: PASSWORD }, ...options })
  return { accessToken: response.json().data.access_token, cookie: cookieOf(response) }
}

t.test('the live sessions are listed with all that their owner wants to know, latest begun first', async t => {
  await registerVerified(kunci, 'list@example.com', 'list')
  const begun = clock.now
  const phone = await loginAs('list@example.com', { headers: { 'user-agent': agents.phone }, remoteAddress: '203.0.113.7' })
  clock.advance(60)
  await loginAs('list@example.com', { headers: { 'user-agent': agents.tablet }, remoteAddress: '2001:db8::7' })
  clock.advance(60)
  await loginAs('list@example.com', { headers: { 'user-agent': agents.desktop }, remoteAddress: '::ffff:198.51.100.2' })
  clock.advance(60)
  const command = await loginAs('list@example.com', { headers: { 'user-agent': agents.unknown } })
  clock.advance(60)
  const refreshed = await refresh(kunci, phone.cookie)

  const at = (seconds: number) => new Date(begun.getTime() + seconds * 1000).toISOString()
  const session = (seconds: number, device: keyof typeof agents, ip: string) => ({
    contract: 'outlet',
    device,
    ip,
    userAgent: agents[device],
    createdAt: at(seconds),
    lastUsedAt: at(seconds),
    expiresAt: at(seconds + 3 * 24 * 3600),
    current: false
  })
  const response = await list(refreshed.json().access_token)
  t.equal(response.statusCode, 200)
  const ids = response.json<{ data: Array<{ id: string }> }>().data.map(({ id }) => id)
  const expected = [
    { id: ids[0], ...session(180, 'unknown', '127.0.0.1') },
    { id: ids[1], ...session(120, 'desktop', '198.51.100.2') },
    { id: ids[2], ...session(60, 'tablet', '2001:db8::7') },
    { id: ids[3], ...session(0, 'phone', '203.0.113.7'), lastUsedAt: at(240), current: true }
  ]
  t.same(response.json(), { status: 200, message: 'Get sessions success', data: expected })
  t.equal(new Set(ids).size, 4)
  for (const id of ids) t.match(id, /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/)

  const fromCommand = await list(command.accessToken)
  t.same(fromCommand.json().data, expected.map(shown => ({ ...shown, current: shown.id === ids[0] })))
})

t.test('devices are told by their User-Agent', async t => {
  await registerVerified(kunci, 'device@example.com', 'device')
  const told: Array<[string, string]> = [
    ['Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36', 'phone'],
    ['Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36', 'tablet'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15', 'desktop'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0', 'desktop'],
    ['', 'unknown'],
    ['okhttp', 'unknown'],
    ['('.repeat(4000), 'unknown']
  ]
  for (const [userAgent, device] of told) {
    const { accessToken } = await loginAs('device@example.com', { headers: { 'user-agent': userAgent } })
    const { data } = (await list(accessToken)).json<{ data: Array<{ current: boolean, device: string, userAgent: string }> }>()
    const shown = data.find(session => session.current)
    t.equal(shown?.device, device, userAgent.slice(0, 60))
    t.equal(shown?.userAgent, userAgent.slice(0, 512))
  }
})

t.test('only live sessions of the own account are listed', async t => {
  await registerVerified(kunci, 'live@example.com', 'live')
  await registerVerified(kunci, 'stranger@example.com', 'stranger')
  await login(kunci, 'live@example.com')
  clock.advance(3 * 24 * 3600)
  const loggedOut = await login(kunci, 'live@example.com')
  await app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(loggedOut.accessToken) })
  const ended = await login(kunci, 'live@example.com')
  const current = await login(kunci, 'live@example.com')
  await remove(current.accessToken, await idOf(ended.accessToken))
  await login(kunci, 'stranger@example.com')
  const consoleId = randomUUID()
  await sql`insert into sessions (user_id, id, contract, generation, created_at, rotated_at, expires_at, device)
    select id, ${consoleId}, 'console', 1, ${new Date(0)}, ${new Date(0)}, ${new Date(clock.now.getTime() + 1000)}, 'desktop' from users where email = 'live@example.com'`

  const { data } = (await list(current.accessToken)).json()
  t.match(data, [{ contract: 'outlet', current: true }, { id: consoleId, contract: 'console', ip: null, userAgent: null, current: false }])
  t.equal(data.length, 2)

  t.same((await remove(current.accessToken, consoleId)).json(), REVOKED, 'one of another contract can be ended from here')
  t.equal((await list(current.accessToken)).json().data.length, 1)
})

t.test('another session of the own account ends at once; the cookie stays', async t => {
  await registerVerified(kunci, 'end@example.com', 'end')
  const current = await login(kunci, 'end@example.com')
  for (const spelled of [(id: string) => id, (id: string) => id.toUpperCase()]) {
    const other = await login(kunci, 'end@example.com')
    const response = await remove(current.accessToken, spelled(await idOf(other.accessToken)))
    t.equal(response.statusCode, 200)
    t.same(response.json(), REVOKED)
    t.same(response.cookies, [])
    t.equal((await profile(kunci, other.accessToken)).statusCode, 401)
    t.equal((await refresh(kunci, other.cookie)).statusCode, 401)
  }
  t.equal((await profile(kunci, current.accessToken)).statusCode, 200)
  t.equal((await refresh(kunci, current.cookie)).statusCode, 200)
})

t.test('the session that asks may end itself; its cookie is cleared', async t => {
  await registerVerified(kunci, 'self@example.com', 'self')
  for (const spelled of [(id: string) => id, (id: string) => id.toUpperCase()]) {
    const current = await login(kunci, 'self@example.com')
    const response = await remove(current.accessToken, spelled(await idOf(current.accessToken)))
    t.equal(response.statusCode, 200)
    t.same(response.json(), REVOKED)
    t.same(response.cookies, CLEARED)
    t.equal((await profile(kunci, current.accessToken)).statusCode, 401)
    t.equal((await refresh(kunci, current.cookie)).statusCode, 401)
  }
})

t.test("somebody else's session, one that ended and one that never was are not found alike", async t => {
  await registerVerified(kunci, 'mine@example.com', 'mine')
  await registerVerified(kunci, 'theirs@example.com', 'theirs')
  const mine = await login(kunci, 'mine@example.com')
  const ended = await login(kunci, 'mine@example.com')
  const endedId = await idOf(ended.accessToken)
  await remove(mine.accessToken, endedId)
  const theirs = await login(kunci, 'theirs@example.com')

  for (const id of [await idOf(theirs.accessToken), endedId, randomUUID(), '00000000-0000-0000-0000-000000000000']) {
    const response = await remove(mine.accessToken, id)
    t.equal(response.statusCode, 404)
    t.same(response.json(), NOT_FOUND)
    t.same(response.cookies, [])
  }
  t.equal((await profile(kunci, theirs.accessToken)).statusCode, 200)
  t.equal((await refresh(kunci, theirs.cookie)).statusCode, 200)
})

t.test('an id that is no UUID is refused', async t => {
  await registerVerified(kunci, 'malformed@example.com', 'malformed')
  const { accessToken } = await login(kunci, 'malformed@example.com')
  const id = await idOf(accessToken)
  for (const malformed of ['1', 'current', 'null', '*', id.replaceAll('-', ''), `{${id}}`, `${id}0`, id.slice(1), `%20${id}`, `${id}%00`, `${id}%0a`, `urn:uuid:${id}`, "'%20or%201=1", 'g'.repeat(36)]) {
    const response = await remove(accessToken, malformed)
    t.equal(response.statusCode, 400, malformed)
    const text = malformed.endsWith('%00') ? 'id must be valid text' : 'id must be a UUID'
    t.same(response.json(), { status: 400, message: 'Validation failed', errors: [text] }, malformed)
  }
  t.equal((await profile(kunci, accessToken)).statusCode, 200)
})

t.test('who is not signed in sees and ends nothing', async t => {
  await registerVerified(kunci, 'closed@example.com', 'closed')
  const { accessToken, cookie } = await login(kunci, 'closed@example.com')
  const id = await idOf(accessToken)
  for (const { method, url } of [{ method: 'GET', url: '/auth/sessions' }, { method: 'DELETE', url: `/auth/sessions/${id}` }] as const) {
    const without = await app.inject({ method, url, headers: { cookie: `refresh_token=${cookie}` } })
    t.equal(without.statusCode, 401)
    t.same(without.json(), { status: 401, message: 'Access token required' })
    const bad = await app.inject({ method, url, headers: bearer(`${accessToken}x`) })
    t.equal(bad.statusCode, 401)
    t.same(bad.json(), { status: 401, message: 'Invalid or expired token' })
  }
  t.equal((await profile(kunci, accessToken)).statusCode, 200)
})

t.test('ending a session takes no body', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { accessToken } = await login(kunci)
  const [session] = await kunci.sql`select id from sessions`
  const response = await kunci.app.inject({ method: 'DELETE', url: `/auth/sessions/${session?.['id']}`, headers: bearer(accessToken), payload: { isAdmin: true } })
  t.equal(response.statusCode, 400)
  t.same(response.json(), { status: 400, message: 'Validation failed', errors: ['isAdmin is not allowed'] })
  t.equal((await profile(kunci, accessToken)).statusCode, 200)
})
