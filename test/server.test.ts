import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setImmediate, setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import t from 'tap'
import { createFolder } from './folder.js'
import { createDatabase } from './helper.js'
import { PASSWORD } from './outlet/client.js'
import { listening, type Server, start } from './server-process.js'

async function post (server: Server, path: string, body: unknown): Promise<Response> {
  return await fetch(`${server.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
}

const administrator = { ADMIN_EMAIL: 'admin@example.com', ADMIN_USERNAME: 'admin', ADMIN_PASSWORD: PASSWORD }

t.test('two processes may start at once on one empty database and serve each other\'s sessions', async t => {
  const env = { DATABASE_URL: await createDatabase(t), DATA_DIR: await createFolder(t), ...administrator }
  const [one, other] = await Promise.all([start(t, env), start(t, env)].map(listening)) as [Server, Server]
  const signedIn = await post(one, '/auth/login', { email: 'admin@example.com', password: PASSWORD })
  t.equal(signedIn.status, 200)
  const { data } = await signedIn.json() as { data: { access_token: string } }
  const [cookieLine = ''] = signedIn.headers.getSetCookie()
  t.match(cookieLine, /^refresh_token=[\w-]{98}; Max-Age=259200; Path=\/auth; HttpOnly; Secure; SameSite=Strict$/)
  const [cookie] = cookieLine.split(';')

  const profile = await fetch(`${other.url}/auth/profile`, { headers: { authorization: `Bearer ${data.access_token}` } })
  t.equal(profile.status, 200)
  t.match(await profile.json(), { data: { email: 'admin@example.com', username: 'admin', isConfirmed: true, outlet: { name: 'Main Outlet' }, role: { name: 'admin', isAdmin: true } } })
  const refreshed = await fetch(`${other.url}/auth/refresh`, { method: 'POST', headers: { cookie: cookie ?? '' } })
  t.equal(refreshed.status, 200)
})

t.test('instances without a configured URL take tokens of each other all the same', async t => {
  const env = { DATABASE_URL: await createDatabase(t), DATA_DIR: await createFolder(t), PUBLIC_URL: '', ...administrator }
  const [one, other] = await Promise.all([start(t, env), start(t, env)].map(listening)) as [Server, Server]
  const { data } = await (await post(one, '/auth/login', { email: 'admin@example.com', password: PASSWORD })).json() as { data: { access_token: string } }
  t.equal((await fetch(`${other.url}/auth/profile`, { headers: { authorization: `Bearer ${data.access_token}` } })).status, 200)
})

t.test('SIGTERM lets the request in flight finish, closes everything and exits with 0', async t => {
  const server = await listening(start(t, { DATABASE_URL: await createDatabase(t), DATA_DIR: await createFolder(t), ...administrator }))
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  await once(socket, 'connect')
  const body = JSON.stringify({ email: 'admin@example.com', password: PASSWORD })
  socket.write(`POST /auth/login HTTP/1.1\r\nHost: auth.test\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`)
  // Half of the request is on its way: another one, answered, shows that it has arrived.
  t.equal((await fetch(`${server.url}/health/live`)).status, 200)

  server.process.kill('SIGTERM')
  while (!server.lines.some(line => line.includes('"closing"'))) await once(server.process.stdout ?? socket, 'data')
  socket.write(body.slice(10))
  const [answer] = await once(socket, 'data') as [Buffer]
  t.match(answer.toString(), /^HTTP\/1\.1 200 OK\r\n/)
  t.match(answer.toString(), /"message":"Login Success"/)
  const [code] = await once(server.process, 'exit')
  t.equal(code, 0)
  t.same(server.errors, [])
  await t.rejects(fetch(`${server.url}/health/live`))
})

t.test('a server whose npm is gone lets the request in flight finish, however long that takes', async t => {
  const env = { DATABASE_URL: await createDatabase(t), DATA_DIR: await createFolder(t), npm_lifecycle_event: 'start', ...administrator }
  // As npm does it: through a shell, which dies without a word to what it started.
  const server = await listening(start(t, env, ['sh', '-c', `"${process.execPath}" build/src/server.js; :`]))
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  const body = JSON.stringify({ email: 'admin@example.com', password: PASSWORD })
  socket.write(`POST /auth/login HTTP/1.1\r\nHost: auth.test\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`)
  t.equal((await fetch(`${server.url}/health/live`)).status, 200)
  server.process.kill('SIGKILL')
  while (!server.lines.some(line => line.includes('"closing"'))) await once(server.process.stdout ?? socket, 'data')
  await delay(800)
  socket.write(body.slice(10))
  const [answer] = await once(socket, 'data') as [Buffer]
  t.match(answer.toString(), /^HTTP\/1\.1 200 OK\r\n/)
})

t.test('a start that cannot be stops with one line and exit code 1', async t => {
  const databaseUrl = await createDatabase(t)
  const cases: Array<[Record<string, string>, RegExp]> = [
    [{ PORT: 'http' }, /^kunci: PORT was "http", but takes a whole number from 0 to 65535$/],
    [{ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/kunci' }, /^kunci: the database at 127\.0\.0\.1:1 cannot be used: nothing listens there \(ECONNREFUSED\)$/],
    [{ DATABASE_URL: `${databaseUrl}x` }, /^kunci: the database at 127\.0\.0\.1:\d+ cannot be used: it has no database of that name \(3D000\)$/],
    [{ DATABASE_URL: databaseUrl, HOST: '203.0.113.1' }, /^kunci: cannot listen on HOST 203\.0\.113\.1, PORT 0: EADDRNOTAVAIL$/],
    [{ DATABASE_URL: databaseUrl, AUTH_SECRET: '', DATA_DIR: '/dev/null' }, /^kunci: DATA_DIR was "\/dev\/null", but takes a folder that can be written \(E[A-Z]+\)$/]
  ]
  for (const [env, message] of cases) {
    const server = start(t, { DATA_DIR: await createFolder(t), ...env })
    const [code] = await once(server.process, 'exit')
    t.equal(code, 1)
    t.equal(server.errors.length, 1)
    t.match(server.errors[0], message)
  }
})

t.test('without DATABASE_URL and AUTH_SECRET it brings its own, and a second start finds what the first wrote', async t => {
  const env = { DATA_DIR: await createFolder(t), AUTH_SECRET: '', ...administrator }
  const credentials = { email: 'admin@example.com', password: PASSWORD }
  const first = await listening(start(t, env))
  const signedIn = await post(first, '/auth/login', credentials)
  t.equal(signedIn.status, 200)
  const cookie = signedIn.headers.getSetCookie()[0]?.split(';')[0] ?? ''
  first.process.kill('SIGTERM')
  t.same(await once(first.process, 'exit'), [0, null])

  const second = await listening(start(t, env))
  t.equal((await fetch(`${second.url}/auth/refresh`, { method: 'POST', headers: { cookie } })).status, 200)
  second.process.kill('SIGTERM')
  t.same(await once(second.process, 'exit'), [0, null])
})

t.test('a signal during the start waits for it and then closes everything', async t => {
  const dataDir = await createFolder(t)
  const env = { DATA_DIR: dataDir, AUTH_SECRET: '' }
  const isRunning = async () => (await readdir(join(dataDir, 'postgres')).catch((): string[] => [])).includes('postmaster.pid')
  const moments = [async () => (await readdir(dataDir)).length > 0, isRunning]
  for (const moment of moments) {
    const server = start(t, env)
    while (!await moment()) await setImmediate()
    server.process.kill('SIGINT')
    t.same(await once(server.process, 'exit'), [0, null])
    t.same((await readdir(dataDir)).filter(name => name.startsWith('.')), [])
    t.notOk(await isRunning())
  }
})

t.test('the first administrator: made once, and said where it cannot be', async t => {
  const databaseUrl = await createDatabase(t)
  const env = async (changes: Record<string, string>) => ({ DATABASE_URL: databaseUrl, DATA_DIR: await createFolder(t), ...administrator, ...changes })
  const first = await listening(start(t, await env({})))
  t.ok(first.lines.some(line => line.includes('the first administrator was made')))
  const again = await listening(start(t, await env({})))
  t.notOk(again.lines.some(line => line.includes('administrator')))

  const another = await listening(start(t, await env({ ADMIN_EMAIL: 'another@example.com' })))
  t.ok(another.lines.some(line => line.includes('there is an administrator under another address: that of ADMIN_EMAIL was not made')))

  const sql = postgres(databaseUrl, { max: 1 })
  t.equal((await sql`select id from users`).length, 1, 'the first password is not brought back')
  await sql`delete from user_roles`
  await sql.end()
  const warned = await listening(start(t, await env({})))
  t.ok(warned.lines.some(line => line.includes('the account of ADMIN_EMAIL exists and is no administrator')))

  const taken = start(t, await env({ ADMIN_EMAIL: 'another@example.com' }))
  t.same(await once(taken.process, 'exit'), [1, null])
  t.same(taken.errors, ['kunci: ADMIN_USERNAME was "admin", but takes a name that no other account has'])
})
