import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { createFolder } from './folder.js'
import { createDatabase } from './helper.js'
import { PASSWORD } from './outlet/client.js'
import { listening, type Server, start } from './server-process.js'

const administrator = { ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: PASSWORD }
const credentials = JSON.stringify({ email: 'admin@example.com', password: PASSWORD })

async function startWith (t: Test, env: Record<string, string>): Promise<Server> {
  return await listening(start(t, { DATABASE_URL: await createDatabase(t), DATA_DIR: await createFolder(t), ...administrator, ...env }))
}

/** @returns the process ids of the workers that have begun to listen, those that are gone included */
function workersOf ({ lines }: Server): number[] {
  return [...new Set(lines.filter(line => line.includes('Server listening at')).map(line => Number(JSON.parse(line).pid)))]
}

async function until (condition: () => boolean): Promise<void> {
  for (const end = performance.now() + 30_000; performance.now() < end; await delay(10)) if (condition()) return
  throw new Error('it never came to that')
}

function isRunning (pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Each request on a connection of its own, which goes to the next worker. */
async function ask (server: Server, path: string, headers: Record<string, string> = {}, method = 'GET', body?: string): Promise<Response> {
  return await fetch(`${server.url}${path}`, { method, headers: { connection: 'close', ...body === undefined ? {} : { 'content-type': 'application/json' }, ...headers }, ...body === undefined ? {} : { body } })
}

t.test('workers share the port, and each serves the sessions of the others', async t => {
  const server = await startWith(t, { WORKERS: '3' })
  await until(() => workersOf(server).length === 3)
  t.notOk(workersOf(server).includes(server.process.pid ?? 0))
  const signedIn = await ask(server, '/auth/login', {}, 'POST', credentials)
  const { data } = await signedIn.json() as { data: { access_token: string } }
  const before = server.lines.length
  const answers = await Promise.all(Array.from({ length: 12 }, async () => await ask(server, '/auth/profile', { authorization: `Bearer ${data.access_token}` })))
  t.same(answers.map(({ status }) => status), Array.from({ length: 12 }, () => 200))
  await until(() => server.lines.slice(before).filter(line => line.includes('/auth/profile')).length >= 12)
  t.equal(new Set(server.lines.slice(before).map(line => JSON.parse(line).pid)).size, 3)
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`${signal} lets the request in flight finish and ends all of them with 0`, async t => {
    const server = await startWith(t, { WORKERS: '2' })
    await until(() => workersOf(server).length === 2)
    const { hostname, port } = new URL(server.url)
    const socket = connect(Number(port), hostname)
    socket.write(`POST /auth/login HTTP/1.1\r\nHost: auth.test\r\nContent-Type: application/json\r\nContent-Length: ${credentials.length}\r\n\r\n${credentials.slice(0, 10)}`)
    // Dealt out in turn: both have taken a connection after this one.
    for (let times = 0; times < 2; times++) t.equal((await ask(server, '/health/live')).status, 200)
    // As a terminal does it: to all at once.
    if (signal === 'SIGINT') for (const pid of workersOf(server)) process.kill(pid, signal)
    server.process.kill(signal)
    await until(() => server.lines.filter(line => line.includes('"closing"')).length === 2)
    socket.write(credentials.slice(10))
    const [answer] = await once(socket, 'data') as [Buffer]
    t.match(answer.toString(), /^HTTP\/1\.1 200 OK\r\n/)
    t.same(await once(server.process, 'exit'), [0, null])
    t.same(server.errors, [])
    t.notOk(workersOf(server).some(isRunning))
  })
}

t.test('a worker that is killed is replaced, and the others go on meanwhile', async t => {
  const server = await startWith(t, { WORKERS: '2' })
  await until(() => workersOf(server).length === 2)
  const [victim = 0] = workersOf(server)
  process.kill(victim, 'SIGKILL')
  await until(() => !isRunning(victim))
  t.equal((await ask(server, '/health/ready')).status, 200)
  await until(() => workersOf(server).length === 3)
  t.same(server.errors, ['kunci: a worker ended by itself (SIGKILL); another takes its place'])
  server.process.kill('SIGTERM')
  t.same(await once(server.process, 'exit'), [0, null])
})

t.test('a first process that is killed takes its workers along', async t => {
  const server = await startWith(t, { WORKERS: '2' })
  await until(() => workersOf(server).length === 2)
  server.process.kill('SIGKILL')
  await until(() => !workersOf(server).some(isRunning))
})

t.test('a start that cannot be stops once, with one line and exit code 1', async t => {
  const server = start(t, { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/kunci', DATA_DIR: await createFolder(t), WORKERS: '4' })
  t.same(await once(server.process, 'exit'), [1, null])
  t.same(server.errors, ['kunci: the database at 127.0.0.1:1 cannot be used: nothing listens there (ECONNREFUSED)'])
})

t.test('a signal while the first one starts ends it all with 0', async t => {
  const server = start(t, { DATABASE_URL: await createDatabase(t), DATA_DIR: await createFolder(t), WORKERS: '2' })
  await until(() => server.lines.length > 0)
  server.process.kill('SIGTERM')
  t.same(await once(server.process, 'exit'), [0, null])
})
