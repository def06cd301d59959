import { randomUUID } from 'node:crypto'
import t from 'tap'
import { bearer, build, mailedToken } from '../helper.js'
import { login, PASSWORD, refresh, register, registerVerified } from './client.js'

interface Entry {
  id: string
  type: string
  createdAt: string
}

const kunci = await build(t)
const { app, clock } = kunci

async function history (accessToken: string, query = '') {
  return await app.inject({ method: 'GET', url: `/auth/history${query}`, headers: bearer(accessToken) })
}

async function entries (accessToken: string, query = ''): Promise<Entry[]> {
  return (await history(accessToken, query)).json<{ data: Entry[] }>().data
}

/** An account with eight events: its registration, its proof, two failed logins, four sessions. */
async function busy (email: string, username: string): Promise<string> {
  await registerVerified(kunci, email, username)
  for (const password of ['wrong', 'wrong again']) await app.inject({ method: 'POST', url: '/auth/login', payload: { email, password } })
  for (let times = 0; times < 3; times++) await login(kunci, email)
  return (await login(kunci, email)).accessToken
}

t.test('what happened to the account stands there, newest first', async t => {
  const start = clock.now.getTime()
  const email = 'events@example.com'
  const fromPhone = { remoteAddress: '203.0.113.7', headers: { 'user-agent': 'Phone/1.0' } }
  await register(kunci, { email, username: 'events' })
  const token = await mailedToken(kunci, email)
  clock.advance(10)
  await app.inject({ method: 'POST', url: '/auth/verify', payload: { token } })
  clock.advance(10)
  const phone = await login(kunci, email, PASSWORD, fromPhone)
  clock.advance(10)
  await app.inject({ method: 'POST', url: '/auth/login', payload: { email, password: 'wrong' }, remoteAddress: '2001:db8::7' })
  clock.advance(10)
  await refresh(kunci, phone.cookie)
  clock.advance(10)
  await app.inject({ method: 'POST', url: '/auth/logout', ...fromPhone, headers: { ...fromPhone.headers, ...bearer(phone.accessToken) } })
  clock.advance(10)
  const { accessToken } = await login(kunci, email)

  const response = await history(accessToken)
  t.equal(response.statusCode, 200)
  const ids = response.json<{ data: Entry[] }>().data.map(({ id }) => id)
  const entry = (place: number, type: string, seconds: number, ip = '127.0.0.1', userAgent = 'lightMyRequest') =>
    ({ id: ids[place], type, contract: 'outlet', ip, userAgent, createdAt: new Date(start + seconds * 1000).toISOString() })
  t.same(response.json(), {
    status: 200,
    message: 'Get history success',
    data: [
      entry(0, 'session.started', 60),
      entry(1, 'session.revoked', 50, '203.0.113.7', 'Phone/1.0'),
      entry(2, 'session.rotated', 40),
      entry(3, 'login.failed', 30, '2001:db8::7'),
      entry(4, 'session.started', 20, '203.0.113.7', 'Phone/1.0'),
      entry(5, 'email.verified', 10),
      entry(6, 'account.registered', 0)
    ]
  })
  t.equal(new Set(ids).size, 7)
  for (const id of ids) t.match(id, /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/)
})

t.test('it is read in pages', async t => {
  const accessToken = await busy('pages@example.com', 'pages')
  const all = await entries(accessToken)
  t.same(all.map(({ type }) => type), [
    'session.started', 'session.started', 'session.started', 'session.started', 'login.failed', 'login.failed', 'email.verified', 'account.registered'
  ])

  t.same(await entries(accessToken, '?limit=1'), all.slice(0, 1))
  t.same(await entries(accessToken, '?limit=100'), all)
  t.same(await entries(accessToken, `?before=${all[2]?.id}`), all.slice(3))
  t.same(await entries(accessToken, `?before=${all[2]?.id.toUpperCase()}`), all.slice(3))
  t.same(await entries(accessToken, `?before=${all[7]?.id}`), [], 'nothing is older than the oldest')

  const pages: Entry[][] = []
  for (let before = ''; ;) {
    const page = await entries(accessToken, `?limit=3${before}`)
    if (page.length === 0) break
    pages.push(page)
    before = `&before=${page.at(-1)?.id}`
  }
  t.same(pages, [all.slice(0, 3), all.slice(3, 6), all.slice(6)])
})

t.test('a page is 50 where nothing else is asked for', async t => {
  await registerVerified(kunci, 'many@example.com', 'many')
  const { accessToken } = await login(kunci, 'many@example.com')
  await kunci.sql`insert into audit_events (id, type, contract, user_id, created_at)
    select gen_random_uuid(), 'session.rotated', 'outlet', id, ${clock.now} from users, generate_series(1, 150) where email = 'many@example.com'`
  t.equal((await entries(accessToken)).length, 50)
  t.equal((await entries(accessToken, '?limit=51')).length, 51)
  t.equal((await entries(accessToken, '?limit=100')).length, 100)
})

t.test('a limit that is no whole number from 1 to 100 is refused', async t => {
  const accessToken = await busy('limit@example.com', 'limit')
  for (const limit of ['0', '101', '1e1', '-1', '+1', '1.0', '01', '0x10', '%201', '1%20', 'ten', 'NaN', 'Infinity', '99999999999999999999', '%D9%A1']) {
    const response = await history(accessToken, `?limit=${limit}`)
    t.equal(response.statusCode, 400, limit)
    t.same(response.json(), { status: 400, message: 'Validation failed', errors: ['limit must be a whole number from 1 to 100'] }, limit)
  }
  for (const query of ['?limit=', '?limit=1&limit=2', '?limit=1&limit=1', '?limit=1%00']) {
    const response = await history(accessToken, query)
    t.equal(response.statusCode, 400, query)
    t.match(response.json(), { status: 400, message: 'Validation failed', errors: [/^limit /] }, query)
    t.equal(response.json().errors.length, 1, query)
  }
})

t.test('a before that is no UUID is refused', async t => {
  const accessToken = await busy('before@example.com', 'before')
  const newest = (await entries(accessToken))[0]?.id ?? ''
  for (const before of ['1', 'x', 'null', '2026-01-05', `${newest}0`, newest.replaceAll('-', ''), `{${newest}}`, "'%20or%201=1"]) {
    const response = await history(accessToken, `?before=${before}`)
    t.equal(response.statusCode, 400, before)
    t.same(response.json(), { status: 400, message: 'Validation failed', errors: ['before must be a UUID'] }, before)
  }
  for (const query of ['?before=', `?before=${newest}&before=${newest}`, `?before=${newest}%00`]) {
    const response = await history(accessToken, query)
    t.equal(response.statusCode, 400, query)
    t.match(response.json(), { status: 400, message: 'Validation failed', errors: [/^before /] }, query)
    t.equal(response.json().errors.length, 1, query)
  }
})

t.test('nobody sees what happened to others', async t => {
  const older = await busy('older@example.com', 'older')
  const own = await busy('own@example.com', 'own')
  const newer = await busy('newer@example.com', 'newer')
  const mine = await entries(own)
  const foreign = [...await entries(older), ...await entries(newer)]
  t.equal(mine.length, 8)
  t.equal(foreign.length, 16)
  const foreignIds = new Set(foreign.map(({ id }) => id))
  t.same(mine.filter(({ id }) => foreignIds.has(id)), [])

  for (const before of [...foreignIds, randomUUID()]) {
    const response = await history(own, `?before=${before}`)
    t.equal(response.statusCode, 200)
    t.same(response.json(), { status: 200, message: 'Get history success', data: [] })
  }
})

t.test('who is not signed in sees nothing', async t => {
  const without = await app.inject({ method: 'GET', url: '/auth/history' })
  t.equal(without.statusCode, 401)
  t.same(without.json(), { status: 401, message: 'Access token required' })
  const bad = await history('bad')
  t.equal(bad.statusCode, 401)
  t.same(bad.json(), { status: 401, message: 'Invalid or expired token' })
})
