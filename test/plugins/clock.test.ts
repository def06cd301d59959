import { setTimeout as delay } from 'node:timers/promises'
import Fastify from 'fastify'
import postgres from 'postgres'
import t, { type Test } from 'tap'
import clock from '../../plugins/clock.js'
import database from '../../plugins/database.js'
import { createFolder } from '../folder.js'
import { createDatabase } from '../helper.js'

const HOUR = 3600
const TOLERANCE = 5000

/** An application on a database whose clock can be set. */
async function withClockSet (t: Test, ahead: number) {
  const url = await createDatabase(t)
  const sql = postgres(url, { max: 1 })
  await sql`create table clock_ahead as select ${ahead}::int as seconds`
  await sql.unsafe(`
    create function clock_timestamp() returns timestamptz language sql volatile
    as 'select pg_catalog.clock_timestamp() + make_interval(secs => seconds) from public.clock_ahead'`)
  await sql.unsafe(`alter database ${new URL(url).pathname.slice(1)} set search_path = public, pg_catalog`)
  const log: string[] = []
  const app = Fastify({ logger: { stream: { write: (line: string) => { log.push(line) } } } })
  await app.register(database, { url, directUrl: url, dataDir: await createFolder(t) })
  await app.register(clock, { clock: undefined })
  await app.ready()
  t.teardown(async () => {
    await sql.end()
    await app.close()
  })
  /** how far the application's clock is from one that says `seconds` more than this machine's */
  const awayFrom = (seconds: number) => Math.abs(app.clock().getTime() - Date.now() - seconds * 1000)
  return { app, sql, log, awayFrom }
}

t.test('the time is the database\'s, not the machine\'s', async t => {
  for (const ahead of [HOUR, -HOUR]) {
    const { awayFrom } = await withClockSet(t, ahead)
    t.ok(awayFrom(ahead) < TOLERANCE)
  }
})

t.test('when the database\'s clock is set, the application follows and says so', async t => {
  const { sql, log, awayFrom } = await withClockSet(t, 0)
  t.ok(awayFrom(0) < TOLERANCE)
  await sql`update clock_ahead set seconds = ${HOUR}`
  for (const end = performance.now() + 15_000; performance.now() < end && awayFrom(HOUR) >= TOLERANCE;) await delay(50)
  t.ok(awayFrom(HOUR) < TOLERANCE)
  t.match(log.at(-1), /"seconds":3\d{3}\.?\d*,"msg":"the time has moved: the clock of the database was set, or this machine stood still"/)
})

t.test('while the database is out of reach, the time goes on', async t => {
  const { app, sql, log } = await withClockSet(t, HOUR)
  await sql`alter table clock_ahead rename to clock_away`
  const before = app.clock()
  for (const end = performance.now() + 15_000; performance.now() < end && log.length === 0;) await delay(50)
  t.match(log.at(-1), '"database":"42P01","msg":"the database could not be asked for the time"')
  t.ok(app.clock() > before)
})
