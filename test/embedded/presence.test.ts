import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { startEmbeddedDatabase } from '../../db/embedded/start.js'
import { isRunning, newInstallation, quick, serverOf, session, startElsewhere, until } from './installation.js'

const answers = async (url: string) => (await session(url, async (sql) => await sql<{ one: number }[]>`select 1 as one`))[0]?.one === 1

t.test('two processes that start at once share one server, and the last one out stops it', async (t) => {
  const { dataDir } = await newInstallation(t)
  const [one, other] = await Promise.all([startElsewhere(t, dataDir), startElsewhere(t, dataDir)])
  t.equal(one.url, other.url)
  const server = await serverOf(dataDir)
  await one.leave()
  t.ok(await answers(other.url))
  await other.leave()
  await until(async () => !await isRunning(server))
  t.match(await readFile(join(dataDir, 'postgres.log'), 'utf8'), /database system is shut down\n$/)
})

t.test('on a database that exists', async (t) => {
  const { dataDir } = await newInstallation(t)
  const start = async () => await startEmbeddedDatabase({ dataDir, settings: quick })
  await (await start()).stop()

  t.test('whoever comes while others leave always gets a server that stays', async (t) => {
    const comeAndGo = async () => {
      for (let turn = 0; turn < 8; turn++) {
        const database = await start()
        t.ok(await answers(database.url))
        await database.stop()
      }
    }
    await Promise.all([comeAndGo(), comeAndGo(), comeAndGo()])
  })

  t.test('a start joins the server that a killed process has left behind', async (t) => {
    const owner = await startElsewhere(t, dataDir)
    const server = await serverOf(dataDir)
    owner.process.kill('SIGKILL')
    const database = await start()
    t.equal(database.url, owner.url)
    await until(() => owner.process.signalCode === 'SIGKILL')
    await until(async () => (await session(database.url, async (sql) => await sql`select from pg_locks where locktype = 'advisory'`)).length === 1)
    await database.stop()
    await until(async () => !await isRunning(server))
  })

  t.test('a start recovers what a killed server had committed, on the same port', async (t) => {
    const owner = await start()
    await session(owner.url, async (sql) => {
      await sql`create table committed (n int)`
      await sql`insert into committed select generate_series(1, 1000)`
    })
    process.kill(await serverOf(dataDir), 'SIGKILL')
    const next = await start()
    t.equal(next.url, owner.url)
    t.same([...await session(next.url, async (sql) => await sql`select count(*)::int as rows from committed`)], [{ rows: 1000 }])
    await next.stop()
    await owner.stop()
    await owner.stop()
  })

  t.test('stopping is quiet when the server is dead', async (t) => {
    const database = await start()
    const server = await serverOf(dataDir)
    process.kill(server, 'SIGKILL')
    await until(async () => !await isRunning(server))
    await t.resolves(database.stop())
  })

  t.test('a presence outlives a crash of the sessions', async (t) => {
    const staying = await start()
    const places = async () => (await session(staying.url, async (sql) => await sql`select from pg_locks where locktype = 'advisory' and granted`)).length
    const [victim] = await session(staying.url, async (sql) => await sql<{ pid: number }[]>`
      select pid from pg_stat_activity where application_name = 'kunci presence'`)
    process.kill(victim?.pid ?? 0, 'SIGKILL')
    await until(async () => !await isRunning(victim?.pid ?? 0))
    await until(async () => await places().catch(() => 0) === 1)
    const passing = await start()
    await passing.stop()
    t.ok(await answers(staying.url))
    await staying.stop()
  })
})
