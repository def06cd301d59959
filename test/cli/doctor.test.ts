import { readdir } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'
import t from 'tap'
import { build } from '../helper.js'
import { json, newEnvironment, run } from './kunci.js'

t.test('the doctor looks at what a server stands on, and changes nothing', async t => {
  const { databaseUrl } = await build(t)
  const env = { ...await newEnvironment(t, databaseUrl), CONTRACTS: 'outlet' }
  const smtp = new SMTPServer({ authOptional: true, disabledCommands: ['STARTTLS'] })
  await new Promise<void>(resolve => { smtp.listen(0, '127.0.0.1', resolve) })
  t.teardown(async () => { await new Promise<void>(resolve => { smtp.close(resolve) }) })
  const { port } = smtp.server.address() as AddressInfo
  const healthy = await run({ ...env, SMTP_URL: `smtp://127.0.0.1:${port}` }, ['doctor', '--json'])
  t.same([healthy.code, healthy.err], [0, ''])
  const { rows, next } = json<{ rows: Array<{ part: string, isGood: boolean, what: string }>, next: null }>(healthy)
  t.equal(next, null)
  t.same(rows.map(({ part, isGood }) => `${part} ${isGood}`), ['configuration true', 'database true', 'migrations true', 'clock true', 'signing keys true', 'mail true', 'Redis true'])

  const empty = new URL(databaseUrl)
  empty.pathname = '/template1'
  const sick = await run({ ...env, DATABASE_URL: empty.href, SMTP_URL: 'smtp://127.0.0.1:1' }, ['doctor'])
  t.equal(sick.code, 1)
  t.match(sick.out, /^good {2}configuration: serves outlet at \/auth\ngood {2}database: PostgreSQL \S+.*\nBAD {3}migrations: \d+ to come: kunci migrate, or the next start\n/)
  t.match(sick.out, 'BAD   signing keys: no tables yet\nBAD   mail: ESOCKET\n')

  const unreachable = await run({ ...env, DATABASE_URL: 'postgres://kunci:geheim@127.0.0.1:1/kunci' }, ['doctor'])
  t.equal(unreachable.code, 1)
  t.match(unreachable.out, 'BAD   database: ECONNREFUSED\n')
  t.notMatch(unreachable.out + unreachable.err, 'geheim')
  t.equal((await run({ ...env, AUTH_SECRET: 'quite another secret of thirty-two bytes' }, ['doctor'])).code, 1)
})

t.test('where there is no installation yet the doctor makes none', async t => {
  const { DATA_DIR = '' } = await newEnvironment(t)
  const dataDir = join(DATA_DIR, 'data')
  const found = await run({ DATA_DIR: dataDir, CONTRACTS: 'outlet' }, ['doctor'])
  t.same(found, {
    code: 1,
    out: `good  configuration: serves outlet at /auth\nBAD   database: there is no database in DATA_DIR ${dataDir} yet: start the server or run kunci migrate, or name the installation by DATA_DIR or DATABASE_URL\ngood  mail: no SMTP_URL: mails are files in ${dataDir}/mail\ngood  Redis: no REDIS_URL: limits per address are each instance's own\n`,
    err: ''
  })
  t.same(await readdir(DATA_DIR), [])
})
