import postgres from 'postgres'
import t from 'tap'
import { bearer, build, createDatabase } from '../helper.js'
import { login, PASSWORD, profile, refresh, register, registerVerified } from '../outlet/client.js'

const UNAVAILABLE = { status: 503, message: 'Service unavailable' }

t.test('while the database is away every answer that needs it is 503 with Retry-After, and afterwards all is well', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { accessToken, cookie } = await login(kunci)
  const name = new URL(kunci.databaseUrl).pathname.slice(1)
  const away = async (isAway: boolean) => {
    const url = new URL(kunci.databaseUrl)
    url.pathname = '/postgres'
    const admin = postgres(url.href, { max: 1 })
    await admin.unsafe(`alter database ${name} allow_connections ${String(!isAway)}`)
    if (isAway) await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${name}`
    await admin.end()
  }

  await away(true)
  const answers = [
    await profile(kunci, accessToken),
    await refresh(kunci, cookie),
    await kunci.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(accessToken) }),
    await kunci.app.inject({ method: 'POST', url: '/auth/login', payload: { email: 'siti@example.com', password: PASSWORD } }),
    await kunci.app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email: 'siti@example.com' } })
  ]
  for (const answer of answers) {
    t.equal(answer.statusCode, 503)
    t.same(answer.json(), UNAVAILABLE)
    t.equal(answer.headers['retry-after'], '1')
    t.same(answer.cookies, [])
  }
  const notReady = await kunci.app.inject('/health/ready')
  t.equal(notReady.statusCode, 503)
  t.same(notReady.json(), { status: 'unavailable', parts: { database: 'unreachable' } })
  t.equal((await kunci.app.inject('/health/live')).statusCode, 200)

  await away(false)
  t.equal((await refresh(kunci, cookie)).statusCode, 200)
  t.same((await kunci.app.inject('/health/ready')).json(), { status: 'ok', parts: { database: 'ok' } })
})

t.test('a fault is 500 without internals, and is logged without what was sent', async t => {
  const kunci = await build(t)
  await kunci.sql`alter table users rename column password_hash to lost`
  const response = await register(kunci, { email: 'rahasia@example.com' })
  t.equal(response.statusCode, 500)
  t.same(response.json(), { status: 500, message: 'Internal server error' })
  const log = kunci.log.join('')
  t.match(log, '"database":"42703"')
  t.notMatch(log, 'argon2id')
  t.notMatch(log, 'rahasia@example.com')
})

t.test('no password, token, cookie, link or secret stands in any line of the log', async t => {
  const kunci = await build(t, { LOG_LEVEL: 'trace', NODE_ENV: 'production', ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'Rahasia-besar-1' })
  await registerVerified(kunci)
  const { accessToken, cookie } = await login(kunci)
  await refresh(kunci, cookie)
  await kunci.app.inject({ method: 'POST', url: '/auth/login', payload: { email: 'siti@example.com', password: 'Salah-sekali-1' } })
  await kunci.app.inject({ url: `/auth/nowhere?token=${cookie}` })
  await kunci.app.inject({ url: `/auth/${cookie}/%zz` })
  await kunci.app.inject({ method: 'POST', url: '/auth/login', headers: { 'content-type': 'application/json' }, payload: `{"password":"${PASSWORD}"` })
  await kunci.app.inject({ method: 'PATCH', url: '/auth/password', headers: bearer(accessToken), payload: { oldPassword: PASSWORD, newPassword: 'Kata-sandi-baru-2' } })
  const log = kunci.log.join('')
  const tokens = await kunci.sql<Array<{ text: string }>>`select password_hash as text from users`
  for (const secret of [PASSWORD, 'Salah-sekali-1', 'Kata-sandi-baru-2', 'Rahasia-besar-1', 'a secret for tests', cookie, ...accessToken.split('.').slice(1), ...tokens.map(({ text }) => text)]) {
    t.notMatch(log, secret)
  }
  t.match(log, '"reason":"wrong password"')
})

t.test('who, where and what came of it stand in one line a request', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  await login(kunci)
  const lines = kunci.log.map(line => JSON.parse(line)).filter(line => line.msg === 'request')
  const [session] = await kunci.sql`select user_id, id from sessions`
  t.match(lines.at(-1), { method: 'POST', route: '/auth/login', status: 200, ip: '127.0.0.1', account: session?.['user_id'], session: session?.['id'] })
})

t.test('a database that cannot be reached stops the start', async t => {
  const url = new URL(await createDatabase(t))
  url.port = '1'
  await t.rejects(build(t, { DATABASE_URL: url.href }), { cause: { code: 'ECONNREFUSED' } })
})
