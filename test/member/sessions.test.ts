import { randomUUID } from 'node:crypto'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { bearer, build } from '../helper.js'
import { ACCESS_REQUIRED, goesOn, INVALID_ACCESS, invalid, login, logout, PASSWORD, refresh, sessions, signUp, succeeded } from './client.js'

const NOT_FOUND = { status: 'Error', status_code: 404, message: 'Session not found' }
const REVOKED = succeeded('Session revoked successfully')

const agents = {
  phone: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  tablet: 'Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1',
  desktop: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36'
}

const kunci = await build(t, { CONTRACTS: '' })
const { app, clock, sql } = kunci

async function remove (accessToken: string, id: string, options: InjectOptions = {}) {
  return await app.inject({ method: 'DELETE', url: `/member/api/auth/sessions/${id}`, headers: bearer(accessToken), ...options })
}

interface Session { id: string, device: string }

async function listed (accessToken: string): Promise<Session[]> {
  return (await sessions(kunci, accessToken)).json().data
}

/** @returns the id of the session that an access token belongs to */
function idOf (accessToken: string): string {
  return JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()).sid
}

t.test('the live sessions of all contracts are listed, latest begun first', async t => {
  await signUp(kunci, 'lists')
  const [account] = await sql<Array<{ id: string }>>`select id from users where username = 'lists'`
  const at = (seconds: number) => new Date(begun.getTime() + seconds * 1000).toISOString()
  const begun = clock.now
  const phone = await login(kunci, 'lists', PASSWORD, { headers: { 'user-agent': agents.phone }, remoteAddress: '203.0.113.7' })
  const elsewhere: InjectOptions[] = [
    { url: '/signin/auth/signin', payload: { username: 'lists', password: PASSWORD }, headers: { 'user-agent': agents.tablet }, remoteAddress: '2001:db8::7' },
    { url: '/api/auth/login', payload: { email: 'lists@example.com', password: PASSWORD }, headers: { 'user-agent': agents.desktop }, remoteAddress: '::ffff:198.51.100.2' },
    { url: '/donation/auth/login', payload: { email: 'lists@example.com', password: PASSWORD }, headers: { 'user-agent': 'curl/8.11.0' } }
  ]
  for (const request of elsewhere) {
    clock.advance(60)
    t.equal((await app.inject({ method: 'POST', ...request })).statusCode, 200)
  }
  clock.advance(60)
  await refresh(kunci, phone.refreshToken)

  const response = await sessions(kunci, phone.accessToken)
  t.equal(response.statusCode, 200)
  const ids = response.json<{ data: Session[] }>().data.map(({ id }) => id)
  const session = (place: number, seconds: number, device: string, address: string, used = seconds) => ({
    id: ids[place], revoke: false, ip_address: address, device, users_id: account?.id, created_at: at(seconds), updated_at: at(used)
  })
  t.strictSame(response.json(), {
    ...succeeded('Sessions retrieved successfully'),
    data: [
      session(0, 180, 'unknown', '127.0.0.1'),
      session(1, 120, 'desktop', '198.51.100.2'),
      session(2, 60, 'tablet', '2001:db8::7'),
      session(3, 0, 'phone', '203.0.113.7', 240)
    ]
  })
  t.equal(ids[3], idOf(phone.accessToken))
  t.equal(new Set(ids).size, 4)
})

t.test('devices are told by their User-Agent', async t => {
  await signUp(kunci, 'devices')
  const told: Array<[string, string]> = [
    ['Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36', 'phone'],
    ['Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36', 'tablet'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15', 'desktop'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0', 'desktop'],
    ['Dart/3.5 (dart:io)', 'unknown'],
    ['', 'unknown'],
    ['<script>', 'unknown'],
    ['('.repeat(4000), 'unknown']
  ]
  for (const [userAgent, device] of told) {
    const { accessToken } = await login(kunci, 'devices', PASSWORD, { headers: { 'user-agent': userAgent } })
    const own = (await listed(accessToken)).find(({ id }) => id === idOf(accessToken))
    t.equal(own?.device, device, userAgent.slice(0, 60))
  }
})

t.test('what ended, expired or belongs to somebody else is not listed', async t => {
  await signUp(kunci, 'live')
  await signUp(kunci, 'stranger')
  await login(kunci, 'live')
  clock.advance(24 * 3600)
  await login(kunci, 'stranger')
  await logout(kunci, (await login(kunci, 'live')).accessToken)
  const current = await login(kunci, 'live')
  t.same((await listed(current.accessToken)).map(({ id }) => id), [idOf(current.accessToken)])
})

t.test('another session of the account is ended, whatever contract it is of', async t => {
  await signUp(kunci, 'ends')
  const current = await login(kunci, 'ends')
  const other = await login(kunci, 'ends')
  const response = await remove(current.accessToken, idOf(other.accessToken))
  t.equal(response.statusCode, 200)
  t.strictSame(response.json(), REVOKED)
  t.notOk(await goesOn(kunci, other))

  const { accessToken, refreshToken } = (await app.inject({ method: 'POST', url: '/signin/auth/signin', payload: { username: 'ends', password: PASSWORD } })).json()
  t.strictSame((await remove(current.accessToken, idOf(accessToken).toUpperCase())).json(), REVOKED)
  t.equal((await app.inject({ url: '/signin/auth/profile', headers: bearer(accessToken) })).statusCode, 401)
  t.equal((await app.inject({ method: 'POST', url: '/signin/auth/refresh', payload: { refreshToken } })).statusCode, 401)
  t.ok(await goesOn(kunci, current))
})

t.test('the session that asks may end itself', async t => {
  await signUp(kunci, 'itself')
  const current = await login(kunci, 'itself')
  const other = await login(kunci, 'itself')
  t.strictSame((await remove(current.accessToken, idOf(current.accessToken))).json(), REVOKED)
  t.notOk(await goesOn(kunci, current))
  t.strictSame((await remove(current.accessToken, idOf(other.accessToken))).json(), INVALID_ACCESS)
  t.ok(await goesOn(kunci, other))
})

t.test("somebody else's session, one that ended and one that never was are not found alike", async t => {
  await signUp(kunci, 'mine')
  await signUp(kunci, 'theirs')
  const mine = await login(kunci, 'mine')
  const ended = await login(kunci, 'mine')
  await logout(kunci, ended.accessToken)
  const theirs = await login(kunci, 'theirs')
  for (const id of [idOf(theirs.accessToken), idOf(ended.accessToken), randomUUID()]) {
    const response = await remove(mine.accessToken, id)
    t.equal(response.statusCode, 404)
    t.strictSame(response.json(), NOT_FOUND)
  }
  t.ok(await goesOn(kunci, theirs))
})

t.test('an id that is no UUID, a body and a request of nobody are refused', async t => {
  await signUp(kunci, 'refuses')
  const session = await login(kunci, 'refuses')
  const id = idOf(session.accessToken)
  for (const malformed of ['1', 'current', id.slice(1), `${id}0`, id.replaceAll('-', '')]) {
    const response = await remove(session.accessToken, malformed)
    t.equal(response.statusCode, 400, malformed)
    t.strictSame(response.json(), invalid('id must be a UUID'), malformed)
  }
  t.strictSame((await remove(session.accessToken, id, { payload: { revoke: false } })).json(), invalid('revoke is not allowed'))
  for (const request of [{ method: 'GET', url: '/member/api/auth/sessions' }, { method: 'DELETE', url: `/member/api/auth/sessions/${id}` }] as const) {
    t.strictSame((await app.inject(request)).json(), ACCESS_REQUIRED)
    t.strictSame((await app.inject({ ...request, headers: bearer(session.refreshToken) })).json(), INVALID_ACCESS)
  }
  t.ok(await goesOn(kunci, session))
})
