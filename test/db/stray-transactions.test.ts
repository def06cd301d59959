import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import t, { type Test } from 'tap'
import { withoutStrayTransactions } from '../../db/stray-transactions.js'
import { createDatabase } from '../helper.js'

/** A pool whose connections are all open, and one that looks on from outside. */
async function pools (t: Test) {
  const url = await createDatabase(t)
  const client = withoutStrayTransactions(postgres(url, { max: 3, onnotice: () => {} }), 3)
  const outside = postgres(url, { max: 1 })
  t.teardown(async () => { await Promise.all([client.end({ timeout: 5 }), outside.end()]) })
  await outside`create table written (number int)`
  await Promise.all([1, 2, 3].map(async () => await client`select pg_sleep(0.05)`))
  return { client, outside }
}

t.test('what is written on a connection that came back with its transaction open is not lost', async t => {
  const { client, outside } = await pools(t)
  // A transaction begun past the driver's own way is refused by it just so, and stays open.
  const begun = client.unsafe('begin read write')
  await t.rejects(begun, { code: 'UNSAFE_TRANSACTION' })
  await Promise.all([1, 2, 3, 4, 5, 6].map(async number => await client`insert into written values (${number})`))
  let seen = 0
  for (const end = performance.now() + 10_000; seen < 6 && performance.now() < end; await delay(10)) {
    seen = (await outside`select 1 from written`).length
  }
  t.equal(seen, 6)
  t.same(await outside`select state from pg_stat_activity where datname = current_database() and state like 'idle in%'`, [])
})

t.test('transactions under way are left alone', async t => {
  const { client, outside } = await pools(t)
  const rolledBack = client.begin(async tx => {
    await tx`insert into written values (1)`
    await delay(400)
    throw new Error('it shall not be')
  })
  await delay(50)
  await t.rejects(client.unsafe('begin read write'), { code: 'UNSAFE_TRANSACTION' })
  await t.rejects(rolledBack, { message: 'it shall not be' })
  t.same(await outside`select * from written`, [])
})
