import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { bearer, build } from '../helper.js'
import { login, profile, registerVerified } from '../outlet/client.js'
import { layWire } from '../wire.js'

for (const [state, close] of [['is cut off', 'cut'], ['is dead without knowing', 'freeze']] as const) {
  t.test(`a connection to what is announced that ${state} is found another one, and no more than one`, async t => {
    const one = await build(t)
    await registerVerified(one)
    const wire = await layWire(t, one.databaseUrl)
    const other = await build(t, { DATABASE_DIRECT_URL: wire.url, REVOCATION_STALENESS: '2' }, one)
    const { accessToken } = await login(one)
    const until = async (status: number) => { while ((await profile(other, accessToken)).statusCode !== status) await delay(20) }
    await wire[close]()
    await until(503)
    t.equal((await one.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(accessToken) })).statusCode, 200)
    // Long enough for attempts in vain.
    await delay(5000)
    await wire.mend()
    await until(401)
    // Longer than the longest pause between two attempts, and than a connection takes to end.
    await delay(2000)
    const listening = await one.sql`select query from pg_stat_activity where application_name = 'kunci notifications' and datname = current_database()`
    t.equal(listening.length, 2, 'one for each instance')
  })
}
