import { setTimeout } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import t from 'tap'
import { build } from '../helper.js'
import { registerVerified } from '../outlet/client.js'
import { away } from './away.js'
import { names, person, wires } from './clients.js'
import { failed, failing } from './failures.js'

const CONNECTIONS = 10

/** Milliseconds after which a request counts as one that is never answered. */
const PATIENCE = 15_000

t.test('a database that refuses connections keeps no request waiting, also where statements were under way when it went', async t => {
  const kunci = await build(t, { CONTRACTS: '' })
  await registerVerified(kunci)
  const underWay = Promise.allSettled(Array.from({ length: CONNECTIONS }, async () => await kunci.app.db.execute(sql`select pg_sleep(60)`)))
  for (let busy = 0; busy < CONNECTIONS;) {
    const [activity] = await kunci.sql<Array<{ count: number }>>`select count(*)::int from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`
    busy = activity?.count ?? 0
  }
  await away(kunci, true)
  t.teardown(async () => { await away(kunci, false) })
  for (const outcome of await underWay) t.equal(outcome.status, 'rejected')
  await Promise.all(names.map(async name => {
    const { prefix, signIn: { path, by } } = wires[name]
    const request = kunci.app.inject({ method: 'POST', url: `${prefix}${path}`, payload: { [by]: person('siti')[by], password: 'x' } })
    const response = await Promise.race([request, setTimeout(PATIENCE, undefined, { ref: false })])
    if (response === undefined) {
      t.fail(`no answer of ${name}`)
      return
    }
    t.strictSame(failed(response), failing(name, 'unavailable'), name)
    t.equal(response.headers['retry-after'], '1')
  }))
})
