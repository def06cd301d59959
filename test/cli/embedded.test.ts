import { chmod, mkdir, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import { findPostmaster } from '../../db/embedded/postmaster.js'
import { clusterOf, newInstallation, serverOf, startElsewhere, until } from '../embedded/installation.js'
import { cells, endOf, json, run, runProcess, startApart } from './kunci.js'

const isRoot = process.getuid?.() === 0

t.test('on an installation with an embedded database', async t => {
  const { dataDir } = await newInstallation(t)
  const env = { DATA_DIR: dataDir }
  const isStopped = async () => await findPostmaster(await clusterOf(dataDir)) === undefined
  const missing = `there is no database in DATA_DIR ${dataDir} yet: start the server or run kunci migrate, or name the installation by DATA_DIR or DATABASE_URL`

  t.test('that has not been made yet, only migrating makes it', async t => {
    for (const args of [['user', 'list'], ['user', 'create', 'siti@example.com'], ['keys', 'rotate']]) t.same(await run(env, args), { code: 1, out: '', err: `kunci: ${missing}\n` })
    t.match(await run(env, ['migrate', '--dry-run']), { code: 0, out: /^-- 0000_initial\n/, err: '' })
    t.same(await readdir(dirname(dataDir)), [], 'looking makes nothing, not even a folder')
    t.match(await run(env, ['migrate']), { code: 0, out: /^0000_initial was applied\.\n.*The database has the newest schema\.\n$/s, err: '' })
    t.ok(await isStopped())
  })

  t.test('whose server is down, it is started for the command and stopped again', async t => {
    t.match(await run(env, ['user', 'create', 'siti@example.com']), { code: 0, err: '' })
    t.ok(await isStopped())
    t.same(await run(env, ['user', 'show', 'budi']), { code: 1, out: '', err: 'kunci: no account has the email, username or id "budi"\n' })
    t.ok(await isStopped(), 'also when the command fails')
    t.match(await runProcess(env, ['user', 'list']), { code: 0, out: /siti@example\.com/, err: '' })
    t.ok(await isStopped())
    t.notOk((await readdir(dataDir)).includes('auth-secret'), 'what needs no secret makes none')
  })

  t.test('whose server is up, it is joined and goes on', async t => {
    const owner = await startElsewhere(t, dataDir)
    const server = await serverOf(dataDir)
    t.same(await run(env, ['user', 'disable', 'siti@example.com']), { code: 0, out: 'siti@example.com is disabled, and has no session any more.\n', err: '' })
    const ended = await Promise.all([run(env, ['events', '--json']), run(env, ['outlet', 'list']), runProcess(env, ['user', 'list'])])
    t.same(ended.map(({ code }) => code), [0, 0, 0])
    t.match(json(ended[0] ?? { code: 1, out: '', err: '' }), { rows: [{ type: 'account.disabled' }, { type: 'account.created' }] })
    t.equal(await serverOf(dataDir), server)
    await owner.leave()
    t.ok(await isStopped())
  })

  t.test('it is stopped when a signal ends the command', async t => {
    const child = startApart(env, ['user', 'list'])
    const end = endOf(child)
    await until(async () => await findPostmaster(await clusterOf(dataDir)) !== undefined)
    child.kill('SIGINT')
    t.same(await end, { code: 'SIGINT', out: '', err: '' })
    t.ok(await isStopped())
  })

  t.test('that belongs to another account, that is said', async t => {
    // Only root can be somebody else.
    const account = isRoot ? { uid: 65534, gid: 65534 } : {}
    if (!isRoot) await chmod(dataDir, 0o000)
    const ended = await endOf(startApart(env, ['user', 'list'], account))
    if (!isRoot) await chmod(dataDir, 0o700)
    t.same(ended, { code: 1, out: '', err: `kunci: the embedded database of ${dataDir} is closed to this account: run Kunci as the user who made it, or set DATABASE_URL\n` })
  })

  t.test('the plain list is the same as before', async t => {
    t.same(cells((await run(env, ['user', 'list'])).out)[1], ['<id>', 'siti@example.com', '-', '-', '-', 'user', 'disabled', '<time>'])
  })
})

t.test('an empty data folder is no installation', async t => {
  const { dataDir } = await newInstallation(t)
  await mkdir(join(dataDir, 'mail'), { recursive: true })
  t.match(await run({ DATA_DIR: dataDir }, ['role', 'list']), { code: 1, out: '', err: /^kunci: there is no database in DATA_DIR / })
  t.same(await readdir(dataDir), ['mail'])
})
