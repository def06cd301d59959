import { chmod, cp, lstat, mkdir, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import t from 'tap'
import { resolveBinaries } from '../../db/embedded/binaries.js'
import { runCommand } from '../../db/embedded/command.js'
import { canRun, findObstacle } from '../../db/embedded/reachability.js'
import { stageBinaries, stagingRoot } from '../../db/embedded/staging.js'
import { startEmbeddedDatabase } from '../../db/embedded/start.js'
import { clusterOf, newInstallation, quick, remove, session } from './installation.js'

const isRoot = process.getuid?.() === 0
const nobody = { uid: 65534, gid: 65534 }

/** Starts, writes or reads one word, stops; tells where the data lie. */
async function visit (dataDir: string, word?: string): Promise<{ home: string, words: string[] }> {
  const database = await startEmbeddedDatabase({ dataDir, settings: quick })
  const words = await session(database.url, async (sql) => {
    await sql`create table if not exists words (word text)`
    if (word !== undefined) await sql`insert into words values (${word})`
    return (await sql<{ word: string }[]>`select word from words`).map((row) => row.word)
  })
  await database.stop()
  return { home: dirname(await clusterOf(dataDir)), words }
}

t.teardown(async () => {
  await rmdir(stagingRoot).catch(() => {})
})

t.test('below a folder that is closed to others', async (t) => {
  const { parent, dataDir } = await newInstallation(t)
  await chmod(parent, 0o700)
  const { home } = await visit(dataDir, 'first')

  t.test('root\'s data are staged under the data folder\'s name, a user\'s lie in it', async (t) => {
    if (isRoot) {
      t.match(home, new RegExp(`^${stagingRoot}/checkout-data-[0-9a-f]{12}$`))
      t.equal(await readFile(join(dataDir, 'postgres.location'), 'utf8'), `${home}/postgres\n`)
      t.equal(await readFile(join(home, 'data-dir'), 'utf8'), `${dataDir}\n`)
      t.match(await lstat(stagingRoot), { uid: 0, mode: 0o40755 })
      t.match(await lstat(home), { uid: 0, mode: 0o40710 })
    } else t.equal(home, dataDir)
    t.not((await stat(join(home, 'postgres'))).uid, 0)
  })

  t.test('they stay there when the folder is opened', async (t) => {
    await chmod(parent, 0o711)
    t.same(await visit(dataDir), { home, words: ['first'] })
    await chmod(parent, 0o700)
  })

  t.test('another installation has its own', async (t) => {
    const other = join(parent, 'other', '.data')
    t.teardown(async () => await remove(other))
    const found = await visit(other)
    t.same(found.words, [])
    t.not(found.home, home)
  })

  t.test('one that is moved finds its data, and another in its old place does not', async (t) => {
    const moved = join(parent, 'moved', '.data')
    await rename(dirname(dataDir), dirname(moved))
    const afterMove = await visit(moved)
    t.same(afterMove, { home: isRoot ? home : moved, words: ['first'] })
    const newcomer = await visit(dataDir)
    t.same(newcomer.words, [])
    t.not(newcomer.home, afterMove.home)
    await remove(dataDir)
    await rm(dirname(dataDir), { recursive: true })
    await rename(dirname(moved), dirname(dataDir))
  })

  t.test('a copy does not share with the original', async (t) => {
    const copy = join(parent, 'copy', '.data')
    if (isRoot) await visit(dataDir)
    await cp(dirname(dataDir), dirname(copy), { recursive: true })
    t.teardown(async () => await remove(copy))
    await visit(copy, 'copy')
    t.same((await visit(dataDir)).words, ['first'])
  })

  t.test('a removed data folder begins anew, and what was staged for it is left alone', async (t) => {
    await rm(dataDir, { recursive: true })
    const { home: next, words } = await visit(dataDir)
    t.same(words, [])
    if (isRoot) {
      t.equal(next, `${home}-2`)
      t.same(await readdir(home), ['data-dir', 'postgres'])
      await rm(home, { recursive: true })
    } else t.equal(next, dataDir)
  })

  t.test('a home that has gone is not replaced by an empty one', async (t) => {
    await rename(await clusterOf(dataDir), join(parent, 'away'))
    if (isRoot) {
      await rm(dirname(await clusterOf(dataDir)), { recursive: true })
      await t.rejects(visit(dataDir), { name: 'EmbeddedDatabaseError', message: /which is gone: restore it, or remove .*postgres\.location/ })
    } else t.same((await visit(dataDir)).words, [])
  })
})

t.test('a cluster that its account can\'t reach any more is not replaced by an empty one', async (t) => {
  const { parent, dataDir } = await newInstallation(t)
  const { home } = await visit(dataDir, 'kept')
  t.equal(home, dataDir)
  await chmod(parent, 0o700)
  if (isRoot) await t.rejects(visit(dataDir), { name: 'EmbeddedDatabaseError', message: new RegExp(`can't pass through ${parent}`) })
  await chmod(parent, 0o711)
  t.same((await visit(dataDir)).words, ['kept'])
})

t.test('reachability', async (t) => {
  const { parent } = await newInstallation(t)
  const inner = join(parent, 'inner', 'most')
  await mkdir(inner, { recursive: true })
  const { uid, gid } = await stat(inner)
  const stranger = { uid: uid + 1, gid: gid + 1 }
  await chmod(join(parent, 'inner'), 0o710)
  t.equal(await findObstacle(inner, stranger), join(parent, 'inner'))
  t.equal(await findObstacle(inner, { ...stranger, gid }), undefined)
  t.equal(await findObstacle(inner, { ...stranger, uid }), undefined)
  await chmod(inner, 0o611)
  t.equal(await findObstacle(inner, { uid, gid: gid + 1 }), inner)
})

t.test('the programs can be staged for every account by root, and by nobody else', async (t) => {
  const { parent } = await newInstallation(t)
  const source = { ...resolveBinaries(), version: `18.0.0-test${process.pid}` }
  const expected = join(stagingRoot, `postgresql-${source.version}-${source.platform}`)
  t.teardown(async () => await rm(expected, { recursive: true, force: true }))
  await chmod(parent, 0o700)
  if (isRoot) {
    const copies = await Promise.all([stageBinaries(source), stageBinaries(source)])
    t.same(copies.map(({ folder }) => folder), [join(expected, 'native'), join(expected, 'native')])
    t.ok(await canRun(copies[0], nobody))
    t.match(await runCommand(join(expected, 'native', 'bin', 'postgres'), ['--version'], { account: nobody }), /^postgres \(PostgreSQL\) 18\./)
    t.same((await readdir(stagingRoot)).filter((name) => name.startsWith('.')), [])
  } else await t.rejects(stageBinaries(source))
})
