import t from 'tap'
import { build } from '../helper.js'
import { everything, importFile, jsonLines } from './client.js'

const BCRYPT = '$2y$05$abcdefghijklmnopqrstuubBvOziOylRSGeSdIXl25SZhJSlhQBdK'

t.test('a dry run says what an import would, and leaves no trace, numbers included', async t => {
  const kunci = await build(t)
  const before = await everything(kunci)
  const file = jsonLines({ email: 'satu@example.com', password_hash: BCRYPT }, { email: 'dua@example.com' })
  t.same(await importFile(kunci, file, { args: ['--dry-run'] }), { code: 0, out: '2 accounts can be imported; nothing was written\n', err: '' })
  t.same(await importFile(kunci, `${file}{}\n`, { args: ['--dry-run', '--skip-bad'] }), { code: 0, out: '2 accounts can be imported, 1 left out; nothing was written\n', err: 'line 3: email is missing\n' })
  t.same(await everything(kunci), before)
  t.same(await importFile(kunci, file, { args: ['--json'] }), { code: 0, out: `${JSON.stringify({ accounts: 2, bad: 0, imported: 2, dryRun: false, badLines: [] })}\n`, err: '' })
  t.same((await kunci.sql`select number::int from users order by number`).map(user => user['number']), [1, 2])
})
