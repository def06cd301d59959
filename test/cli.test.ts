import { execFile } from 'node:child_process'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import t from 'tap'
import { createFolder } from './folder.js'
import { build, createDatabase } from './helper.js'

interface Ended {
  code: number
  out: string
  err: string
}

/** Runs the command line as a user would. */
async function kunci (env: Record<string, string>, ...args: string[]): Promise<Ended> {
  return await new Promise(resolve => {
    execFile(process.execPath, ['build/src/cli.js', ...args], { env: { PATH: process.env['PATH'], ...env } }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err })
    })
  })
}

t.test('keys are listed and rotated, and a running server publishes the next one', async t => {
  const server = await build(t)
  const env = { DATABASE_URL: server.databaseUrl, AUTH_SECRET: 'a secret for tests alone and of more than 32 bytes' }
  const first = server.app.keys.current().kid
  t.match(await kunci(env, 'keys', 'list'), { code: 0, out: new RegExp(`^${first} {2}ES256 {2}from 2026-01-05T08:00:00.000Z {2}signs\n$`), err: '' })
  for (const [args, seconds] of [[[], 360], [['--now'], 8]] as const) {
    const before = Date.now()
    const { code, out } = await kunci(env, 'keys', 'rotate', '--json', ...args)
    t.equal(code, 0)
    const [key] = JSON.parse(out)
    t.match(key, { kid: /^[0-9a-f-]{36}$/, algorithm: 'ES256', state: 'next' })
    t.ok(new Date(key.signsFrom).getTime() >= before + seconds * 1000)
    await server.app.keys.reload()
    const { keys } = (await server.app.inject('/.well-known/jwks.json')).json<{ keys: Array<{ kid: string }> }>()
    t.ok(keys.some(({ kid }) => kid === key.kid))
  }
  t.equal(JSON.parse((await kunci(env, 'keys', 'list', '--json')).out).length, 3)
})

t.test('the doctor looks at what a server stands on, and changes nothing', async t => {
  const { databaseUrl, dataDir } = await build(t)
  const env = { DATABASE_URL: databaseUrl, DATA_DIR: dataDir, AUTH_SECRET: 'a secret for tests alone and of more than 32 bytes', CONTRACTS: 'outlet' }
  const smtp = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'] })
  await new Promise<void>(resolve => { smtp.listen(0, '127.0.0.1', resolve) })
  t.teardown(async () => { await new Promise<void>(resolve => { smtp.close(resolve) }) })
  const { port } = smtp.server.address() as AddressInfo
  const healthy = await kunci({ ...env, SMTP_URL: `smtp://127.0.0.1:${port}` }, 'doctor', '--json')
  t.equal(healthy.code, 0)
  const findings = JSON.parse(healthy.out) as Array<{ part: string, isGood: boolean, what: string }>
  t.same(findings.map(({ part, isGood }) => `${part} ${isGood}`), ['configuration true', 'database true', 'migrations true', 'clock true', 'signing keys true', 'mail true', 'Redis true'])
  t.equal(findings.at(-1)?.what, "no REDIS_URL: limits per address are each instance's own")

  const empty = new URL(databaseUrl)
  empty.pathname = '/template1'
  const sick = await kunci({ ...env, DATABASE_URL: empty.href, SMTP_URL: 'smtp://127.0.0.1:1', REDIS_URL: 'redis://:geheim@127.0.0.1:1' }, 'doctor')
  t.equal(sick.code, 1)
  t.match(sick.out, /^good {2}configuration: serves outlet at \/auth\ngood {2}database: PostgreSQL \S+.*\nBAD {3}migrations: \d+ to come: npm run db:migrate, or the next start\n/)
  t.match(sick.out, 'BAD   signing keys: no tables yet\nBAD   mail: ESOCKET\nBAD   Redis: ECONNREFUSED\n')
  t.notMatch(sick.out + sick.err, 'geheim')

  const unreachable = await kunci({ ...env, DATABASE_URL: 'postgres://kunci:geheim@127.0.0.1:1/kunci' }, 'doctor')
  t.equal(unreachable.code, 1)
  t.match(unreachable.out, 'BAD   database: ECONNREFUSED\n')
  t.notMatch(unreachable.out + unreachable.err, 'geheim')
  t.equal((await kunci({ ...env, AUTH_SECRET: 'quite another secret of thirty-two bytes' }, 'doctor')).code, 1)
})

t.test('what it cannot do it says in a line, with an exit code', async t => {
  const databaseUrl = await createDatabase(t)
  t.same(await kunci({ DATABASE_URL: databaseUrl, PORT: 'x' }, 'keys', 'list'), { code: 1, out: '', err: 'kunci: PORT was "x", but takes a whole number from 0 to 65535\n' })
  const env = { DATABASE_URL: databaseUrl, DATA_DIR: await createFolder(t) }
  t.equal((await kunci({ ...env, AUTH_SECRET: 'one secret of thirty-two bytes or more' }, 'keys', 'rotate')).code, 0)
  t.same(await kunci({ ...env, AUTH_SECRET: 'quite another secret of thirty-two bytes' }, 'keys', 'list'), {
    code: 1, out: '', err: 'kunci: AUTH_SECRET opens none of the stored signing keys: give the secret that this database was set up with (a comma-separated list may hold old and new)\n'
  })
  const unknown = await kunci(env, 'keys', 'spin')
  t.equal(unknown.code, 1)
  t.match(unknown.err, "error: unknown command 'spin'")
  const help = await kunci(env, '--help')
  t.equal(help.code, 0)
  t.match(help.out, 'keys')
})
