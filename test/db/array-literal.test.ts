import postgres from 'postgres'
import t from 'tap'
import { arrayLiteral } from '../../db/array-literal.js'
import { createDatabase } from '../helper.js'

t.test('PostgreSQL reads back what was written', async t => {
  const client = postgres(await createDatabase(t), { max: 1, onnotice: () => {} })
  t.teardown(async () => { await client.end() })
  const texts = ['plain', '', ' ', 'null', 'NULL', null, 'a,b', '{c}', '"', '\\', '\\"', '\\\\', "it's", 'Grüße 👋', 'line\nbreak', '$1']
  // As JSON, since the driver takes a null in an array for a text.
  const [read] = await client`select to_json(${arrayLiteral(texts)}::text::text[]) as texts, to_json(${arrayLiteral([1, -2, null])}::text::int[]) as numbers,
    to_json(${arrayLiteral([true, false, null])}::text::boolean[]) as flags, to_json(${arrayLiteral([])}::text::uuid[]) as none`
  t.same(read, { texts, numbers: [1, -2, null], flags: [true, false, null], none: [] })
})
