import t from 'tap'
import { build } from '../helper.js'
import { everything, importFile, jsonLines } from './client.js'

const BCRYPT = '$2y$05$abcdefghijklmnopqrstuubBvOziOylRSGeSdIXl25SZhJSlhQBdK'

t.test('bad lines keep the whole file out, and are all told of', async t => {
  const kunci = await build(t)
  await importFile(kunci, jsonLines({ email: 'ada@example.com', username: 'Ada' }))
  const before = await everything(kunci)
  const file = jsonLines(
    { email: 'satu@example.com', username: 'satu', id: '01890a5d-ac96-774b-bcce-b302099a8057' },
    { email: 'ADA@example.com' },
    { email: 'dua@example.com', username: 'ada' },
    { email: 'Satu@Example.com', username: 'SATU', id: '01890A5D-AC96-774B-BCCE-B302099A8057' },
    { email: 'tiga@example.com', password_hash: `${BCRYPT}x` },
    { email: 'empat@example.com' },
    { email: 'empat@example.com', phone: 'x' },
    { email: 'empat@example.com' }
  )
  t.same(await importFile(kunci, file), {
    code: 1,
    out: '',
    err: [
      'line 2: email is taken',
      'line 3: username is taken',
      'line 4: email stands in line 1 too; username stands in line 1 too; id stands in line 1 too',
      'line 5: password_hash is in no known encoding',
      'line 7: phone is no possible phone number of at most 15 characters',
      'line 8: email stands in line 6 too',
      'kunci: nothing was imported, bad lines: 6 of 8\n'
    ].join('\n')
  })
  t.same(await everything(kunci), before)

  const dry = await importFile(kunci, file, { args: ['--dry-run', '--json'] })
  t.equal(dry.code, 1)
  t.equal(dry.err, '')
  const { badLines, ...result } = JSON.parse(dry.out)
  t.same(result, { accounts: 8, bad: 6, imported: 0, dryRun: true })
  t.same(badLines[2], {
    line: 4,
    problems: ['email', 'username', 'id'].map(field => ({ field, rule: 'repeated', earlier: 1 })),
    reason: 'email stands in line 1 too; username stands in line 1 too; id stands in line 1 too'
  })
  t.same(badLines[3], { line: 5, problems: [{ field: 'password_hash', rule: 'hash_encoding' }], reason: 'password_hash is in no known encoding' })

  const skipping = await importFile(kunci, file, { args: ['--skip-bad'] })
  t.equal(skipping.code, 0)
  t.equal(skipping.out, '2 accounts imported, 6 left out\n')
  t.equal(skipping.err.split('\n').length, 7)
  t.same((await everything(kunci)).users.map(user => user['email']), ['ada@example.com', 'satu@example.com', 'empat@example.com'])
})

t.test('an address that its former owner may still take back is taken', async t => {
  const kunci = await build(t)
  await importFile(kunci, jsonLines({ email: 'baru@example.com' }))
  await kunci.sql`insert into one_time_tokens (user_id, id, purpose, counter, email, created_at, expires_at)
    select id, gen_random_uuid(), 'restore-email:' || gen_random_uuid(), 1, 'lama@example.com', now(), now() + interval '1 day' from users`
  t.match(await importFile(kunci, jsonLines({ email: 'lama@example.com' })), { code: 1, err: /^line 1: email is taken\n/ })
})
