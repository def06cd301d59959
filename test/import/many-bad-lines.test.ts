import t from 'tap'
import { build } from '../helper.js'
import { importFile } from './client.js'

t.test('a hundred bad lines are told of, and all as JSON', async t => {
  const kunci = await build(t)
  const file = Array.from({ length: 2500 }, (_, place) => place % 2 === 0 ? `{"email":"a${place}@example.com"}\n` : 'x\n').join('')
  const { code, err } = await importFile(kunci, file)
  t.equal(code, 1)
  const lines = err.split('\n')
  t.same([lines[0], lines[99], ...lines.slice(100)], ['line 2: the line is no JSON object', 'line 200: the line is no JSON object', 'and 1150 more bad lines; --json gives all', 'kunci: nothing was imported, bad lines: 1250 of 2500', ''])
  const { badLines } = JSON.parse((await importFile(kunci, file, { args: ['--json'] })).out) as { badLines: Array<{ line: number }> }
  t.same(badLines.map(({ line }) => line), Array.from({ length: 1250 }, (_, place) => 2 * place + 2))
})
