import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import t from 'tap'
import { withDenseRows } from '../../db/dense-rows.js'
import { createDatabase } from '../helper.js'

/** Gives three thousand rows, and then fails. */
const failing = 'select 1 / (3000 - number) as quotient from generate_series(0, 4000) as number'

t.test('rows of a statement after one that failed midway are all there', async t => {
  const url = await createDatabase(t)
  const client = postgres(url, { max: 1, onnotice: () => {} })
  t.teardown(async () => { await client.end() })
  await t.rejects(client.unsafe(failing))
  const bare = await client.unsafe('select 7 as number')
  t.notOk(0 in bare, 'the driver itself leaves a hole')

  const db = drizzle(withDenseRows(client))
  for (let round = 0; round < 3; round++) {
    await t.rejects(db.execute(sql.raw(failing)))
    t.same([...await db.execute(sql`select 7 as number`)], [{ number: 7 }])
    await t.rejects(db.execute(sql.raw(failing)))
    t.same(await db.select({ number: sql<number>`8` }).from(sql`(values (1)) as one`), [{ number: 8 }])
    await t.rejects(db.execute(sql.raw(failing)))
    t.same([...await db.execute(sql`select 7 as number where false`)], [])
  }
})
