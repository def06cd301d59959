import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, chmod, chown, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { findPostmaster } from '../../db/embedded/postmaster.js'
import { startEmbeddedDatabase } from '../../db/embedded/start.js'
import { unprivilegedAccount } from '../../db/embedded/unprivileged-account.js'
import { clusterOf, newInstallation, quick, serverOf } from './installation.js'

const isRoot = process.getuid?.() === 0

/** A process id that was in use and is not any more. */
async function deadPid (): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' })
  await once(child, 'exit')
  return child.pid ?? 0
}

t.test('on a data folder that has been used', async (t) => {
  const { dataDir } = await newInstallation(t)
  const start = async () => await startEmbeddedDatabase({ dataDir, settings: quick })
  await (await start()).stop()
  const cluster = await clusterOf(dataDir)

  t.test('temporary files of dead processes go, those of living ones stay', async (t) => {
    const dead = await deadPid()
    await mkdir(join(dataDir, `.postgres-init-${dead}-a1b2c3`, 'data'), { recursive: true })
    await writeFile(join(dataDir, `.postgres-password-${dead}-a1b2c3`), 'secret')
    await mkdir(join(dataDir, `.postgres-init-${process.pid}-a1b2c3`))
    await writeFile(join(dataDir, '.postgres-notes'), 'somebody else\'s')
    await (await start()).stop()
    t.same((await readdir(dataDir)).filter((name) => name.startsWith('.')).sort(), [`.postgres-init-${process.pid}-a1b2c3`, '.postgres-notes'])
  })

  t.test('a pid file whose process id now belongs to another program is no server', async (t) => {
    await writeFile(join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n1700000000\n5432\n\n127.0.0.1\n 1 2\nready   \n`)
    const database = await start()
    t.not(await serverOf(dataDir), process.pid)
    await database.stop()
  })

  t.test('a cluster of another major version is refused by both names', async (t) => {
    await writeFile(join(cluster, 'PG_VERSION'), '16\n')
    await t.rejects(start(), { name: 'EmbeddedDatabaseError', message: /made by PostgreSQL 16 and the installed one is PostgreSQL 18/ })
    await writeFile(join(cluster, 'PG_VERSION'), '18\n')
  })

  t.test('a password that others could read is refused, a wrong or missing one is named', async (t) => {
    const path = join(dataDir, 'postgres-password')
    const password = await readFile(path, 'utf8')
    await chmod(path, 0o644)
    await t.rejects(start(), { name: 'EmbeddedDatabaseError', message: /closed to others: chmod 600/ })
    await chmod(path, 0o600)
    await writeFile(path, 'wrong\n')
    await t.rejects(start(), { name: 'EmbeddedDatabaseError', message: /postgres-password does not open the embedded database/ })
    t.equal(await findPostmaster(cluster), undefined, 'the server that was started for it is stopped again')
    await rename(path, `${path}.away`)
    await t.rejects(start(), { name: 'EmbeddedDatabaseError', message: /password of the embedded database is missing/ })
    await t.rejects(access(path), { code: 'ENOENT' })
    await writeFile(path, password, { mode: 0o600 })
  })

  t.test('PostgreSQL runs as the owner of its folder', async (t) => {
    const owner = isRoot ? { uid: 65534, gid: 65534 } : { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
    for (const entry of ['', ...await readdir(cluster, { recursive: true })]) await chown(join(cluster, entry), owner.uid, owner.gid)
    await chmod(dataDir, 0o711)
    const database = await start()
    const { uid, gid } = await stat(join(cluster, 'postmaster.pid'))
    t.same({ uid, gid }, owner)
    await database.stop()
  })
})

t.test('a folder in the cluster\'s place that is none is left alone', async (t) => {
  const { dataDir } = await newInstallation(t)
  await mkdir(join(dataDir, 'postgres'), { recursive: true })
  await writeFile(join(dataDir, 'postgres', 'letter.txt'), 'not ours')
  await t.rejects(startEmbeddedDatabase({ dataDir, settings: quick }), { name: 'EmbeddedDatabaseError', message: /neither empty nor a PostgreSQL data folder/ })
  t.same(await readdir(join(dataDir, 'postgres')), ['letter.txt'])
})

t.test('a data folder that can\'t be made is an error that names it', async (t) => {
  const { parent } = await newInstallation(t)
  await writeFile(join(parent, 'file'), '')
  await t.rejects(startEmbeddedDatabase({ dataDir: join(parent, 'file', '.data') }), { name: 'EmbeddedDatabaseError', message: /ENOTDIR.*file/ })
})

t.test('the unprivileged account', async (t) => {
  const name = `kunci-test-${process.pid}`
  const outcome = await unprivilegedAccount(name).then(({ uid }) => uid > 0, (error: unknown) => error)
  if (outcome !== true) t.match(outcome, { name: 'EmbeddedDatabaseError', message: /run Kunci as another user or set DATABASE_URL/ })
  t.equal(outcome === true, isRoot && (await readFile('/etc/passwd', 'utf8')).includes(`${name}:`))
  if (outcome === true) await once(spawn('userdel', [name], { stdio: 'ignore' }), 'exit')
  await t.rejects(unprivilegedAccount('root'), { name: 'EmbeddedDatabaseError' })
})
