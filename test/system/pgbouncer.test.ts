import { execFile, spawn } from 'node:child_process'
import { chown, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { scheduler } from 'node:timers/promises'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { unprivilegedAccount } from '../../db/embedded/unprivileged-account.js'
import { createFolder } from '../folder.js'
import { createDatabase } from '../helper.js'
import { freePort } from './gateways/free-port.js'
import { startPair } from './sessions/servers.js'

/** What PgBouncer must not refuse, as docs/configuration.md says. */
const IGNORED = 'statement_timeout,lock_timeout,idle_in_transaction_session_timeout'

/** Debian's PgBouncer (1.18, which keeps no prepared statements) before a database of the test's own. */
async function startPgBouncer (t: Test, databaseUrl: string, settings: Record<string, string>): Promise<string> {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl)
  const listenPort = await freePort()
  const folder = await createFolder(t)
  const file = join(folder, 'pgbouncer.ini')
  await writeFile(file, [
    '[databases]',
    `${pathname.slice(1)} = host=${hostname} port=${port} user=${username} password=${password}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${listenPort}`,
    'unix_socket_dir =',
    'auth_type = any',
    'default_pool_size = 40',
    ...Object.entries(settings).map(([name, value]) => `${name} = ${value}`)
  ].join('\n'), { mode: 0o600 })
  const account = process.getuid?.() === 0 ? await unprivilegedAccount() : undefined
  if (account !== undefined) await chown(file, account.uid, account.gid)
  const pooler = spawn('pgbouncer', ['-q', file], { ...account, env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }, stdio: 'ignore' })
  let failure: string | undefined
  pooler.once('error', error => { failure = error.message })
  pooler.once('exit', code => { failure = `exit code ${code}` })
  t.teardown(() => { pooler.kill() })
  while (!await answers(listenPort)) {
    if (failure !== undefined) throw new Error(`pgbouncer did not start: ${failure}`)
    await scheduler.wait(20)
  }
  const url = new URL(databaseUrl)
  url.port = String(listenPort)
  return url.href
}

async function answers (port: number): Promise<boolean> {
  return await new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => { socket.destroy(); resolve(true) })
    socket.once('error', () => { resolve(false) })
  })
}

t.test('behind a pooler that lends connections for a session, forty browsers refresh and revocations are heard', async t => {
  const pooled = await startPgBouncer(t, await createDatabase(t), { pool_mode: 'session', ignore_startup_parameters: IGNORED })
  const [one, other] = await startPair(t, { DATABASE_URL: pooled })
  await Promise.all(Array.from({ length: 40 }, async (_, number) => {
    const server = number % 2 === 0 ? one : other
    let { cookie, accessToken } = await server.login()
    for (let times = 0; times < 10; times++) {
      const refreshed = await server.refresh(cookie)
      t.equal(refreshed.status, 200);
      ({ cookie, accessToken } = refreshed)
    }
    t.equal(await server.profile(accessToken), 200)
  }))
  const { accessToken } = await one.login()
  t.equal(await other.profile(accessToken), 200)
  t.equal(await one.logout(accessToken), 200)
  for (let times = 0; await other.profile(accessToken) !== 401; times++) {
    if (times === 100) throw new Error('the other never heard of it')
    await scheduler.wait(10)
  }
})

t.test('a pooler that does not fit stops the start with what is to be changed', async t => {
  const directUrl = await createDatabase(t)
  const start = async (databaseUrl: string) => {
    const env = { PATH: process.env['PATH'], PORT: '0', DATA_DIR: await createFolder(t), DATABASE_URL: databaseUrl, DATABASE_DIRECT_URL: directUrl }
    return await promisify(execFile)(process.execPath, ['dist/src/server.js'], { env }).catch((error: { code: number, stderr: string }) => ({ code: error.code, stderr: error.stderr }))
  }
  const forgetful = await startPgBouncer(t, directUrl, { pool_mode: 'transaction', ignore_startup_parameters: IGNORED })
  t.match(await start(forgetful), {
    code: 1,
    stderr: 'kunci: DATABASE_URL leads through a pooler that forgets prepared statements: let it lend its connections for a session (in PgBouncer pool_mode=session), or keep them (max_prepared_statements)\n'
  })
  const strict = await startPgBouncer(t, directUrl, { pool_mode: 'session' })
  t.match(await start(strict), {
    code: 1,
    stderr: /^kunci: the database at 127\.0\.0\.1:\d+ cannot be used: it, or a pooler before it, does not speak as expected; PgBouncer must ignore the startup parameters statement_timeout, lock_timeout and idle_in_transaction_session_timeout \(08P01\)\n$/
  })
})
