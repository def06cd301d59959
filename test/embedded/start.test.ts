import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { EmbeddedDatabaseError, startEmbeddedDatabase } from '../../db/embedded/start.js'
import { clusterOf, isRunning, newInstallation, quick, serverOf, session, until } from './installation.js'

t.test('a first start makes a database, the next one keeps what is in it', async (t) => {
  const { dataDir } = await newInstallation(t)
  const first = await startEmbeddedDatabase({ dataDir, settings: quick })
  const server = await serverOf(dataDir)
  await session(first.url, async (sql) => {
    await sql`create table kept (word text)`
    await sql`insert into kept values ('Ékunci')`
  })
  await first.stop()
  await until(async () => !await isRunning(server))

  const second = await startEmbeddedDatabase({ dataDir, settings: quick })
  t.not(await serverOf(dataDir), server)
  await session(second.url, async (sql) => {
    t.same([...await sql`select lower(word) as word from kept`], [{ word: 'ékunci' }])
  })
  await second.stop()
})

t.test('the server', async (t) => {
  const { dataDir } = await newInstallation(t)
  const database = await startEmbeddedDatabase({ dataDir, settings: { shared_buffers: '8MB' } })
  const password = (await readFile(join(dataDir, 'postgres-password'), 'utf8')).trim()

  t.test('is reached by a URL with the kept password', async (t) => {
    const { port, href } = new URL(database.url)
    t.equal(href, `postgres://kunci:${password}@127.0.0.1:${port}/kunci`)
    t.match(password, /^[\w-]{32}$/)
  })

  t.test('is PostgreSQL 18 that gives up no durability and listens on 127.0.0.1 only', async (t) => {
    const [settings] = await session(database.url, async (sql) => await sql`
      select current_setting('server_version_num')::int / 10000 as version, current_setting('listen_addresses') as listen,
        current_setting('unix_socket_directories') as sockets, current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
        current_setting('full_page_writes') as pages, current_setting('data_checksums') as checksums, current_setting('max_connections') as connections,
        current_setting('server_encoding') as encoding, current_setting('shared_buffers') as buffers`)
    t.same(settings, {
      version: 18,
      listen: '127.0.0.1',
      sockets: '',
      fsync: 'on',
      commit: 'on',
      pages: 'on',
      checksums: 'on',
      connections: '100',
      encoding: 'UTF8',
      buffers: '8MB'
    })
  })

  t.test('lets nobody in without the password', async (t) => {
    for (const wrong of ['', 'wrong']) {
      const url = Object.assign(new URL(database.url), { password: wrong }).href
      await t.rejects(session(url, async (sql) => await sql`select 1`), { code: '28P01' })
    }
    const rules = await session(database.url, async (sql) => await sql`select distinct auth_method from pg_hba_file_rules`)
    t.same([...rules], [{ auth_method: 'scram-sha-256' }])
  })

  t.test('keeps its secrets to their owners', async (t) => {
    const mode = async (path: string) => (await stat(path)).mode & 0o777
    t.equal(await mode(join(dataDir, 'postgres-password')), 0o600)
    t.equal(await mode(join(dataDir, 'postgres.log')), 0o600)
    t.equal(await mode(await clusterOf(dataDir)), 0o700)
    t.equal(await mode(dataDir) & 0o007, 0)
    t.notMatch(await readFile(join(dataDir, 'postgres.log'), 'utf8'), password)
  })

  t.test('leaves no temporary files behind', async (t) => {
    t.same((await readdir(dataDir)).filter((name) => name.startsWith('.')), [])
  })

  t.teardown(database.stop)
})

t.test('a setting that PostgreSQL refuses is quoted from its log', async (t) => {
  const { dataDir } = await newInstallation(t)
  const failure = await startEmbeddedDatabase({ dataDir, settings: { ...quick, no_such_setting: '1' } }).then(() => undefined, (error: unknown) => error)
  t.ok(failure instanceof EmbeddedDatabaseError)
  t.match(failure, { message: /exit code 1.*unrecognized configuration parameter "no_such_setting"/ })
})
