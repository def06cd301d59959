import t from 'tap'
import { build } from '../helper.js'
import { importFile, jsonLines, runKunci } from './client.js'

const kunci = await build(t)
const { sql } = kunci

t.test('every line that is none is told of, whatever it is, and those between them are read', async t => {
  const lines: Array<[string | Buffer, string?]> = [
    ['\ufeff{"email":"satu@example.com"}\r'],
    ['{"email":"dua@example.com"', 'is no JSON object'],
    ['[{"email":"tiga@example.com"}]', 'is no JSON object'],
    ['null', 'is no JSON object'],
    ['"tiga@example.com"', 'is no JSON object'],
    ['{"email":"tiga@example.com"},', 'is no JSON object'],
    ['{"email":"tiga@example.com"}{"email":"empat@example.com"}', 'is no JSON object'],
    [' \t'],
    [`{"email":"lima@example.com","name":"${'x'.repeat(70_000)}"}`, 'is longer than 65536 bytes'],
    [`${'['.repeat(60_000)}`, 'is no JSON object'],
    ['x'.repeat(5_000_000), 'is longer than 65536 bytes'],
    [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'is not UTF-8'],
    [Buffer.from([0xc3]), 'is not UTF-8'],
    ['{"email":"enam@example.com"}\0', 'is no JSON object'],
    ['{"email":"enam\u2028@example.com"}'],
    ['\r'],
    ['{"email":"tujuh@example.com","name":"\u2028"}'],
    ['{ "email": "delapan@example.com" } ']
  ]
  const file = Buffer.concat(lines.flatMap(([line]) => [Buffer.from(line), Buffer.from('\n')])).subarray(0, -1)
  const { code, out, err } = await importFile(kunci, file, { args: ['--skip-bad'] })
  t.equal(code, 0)
  const expected = lines.flatMap(([, said], place) => said === undefined ? [] : [`line ${place + 1}: the line ${said}`])
  t.same(err.split('\n').filter(line => line !== '' && !line.startsWith('line 15') && !line.startsWith('line 17')), expected)
  t.match(err, 'line 15: email is no address\n')
  t.match(err, 'line 17: name has 1 to 100 characters')
  t.equal(out, `2 accounts imported, ${expected.length + 2} left out\n`)
  t.same(await sql`select email from users order by number`, [{ email: 'satu@example.com' }, { email: 'delapan@example.com' }])
})

t.test('what holds no accounts, or cannot be read, is refused in a line', async t => {
  const file = `${kunci.dataDir}/users.jsonl`
  for (const content of ['', '\ufeff\n\r\n\n']) t.same(await importFile(kunci, content), { code: 1, out: '', err: `kunci: ${file} holds no accounts\n` })
  t.same(await importFile(kunci, 'email\n', { name: 'users.csv' }), { code: 1, out: '', err: `kunci: ${kunci.dataDir}/users.csv holds no accounts\n` })
  t.same(await runKunci(kunci, ['user', 'import', '/nowhere/users.jsonl']), { code: 1, out: '', err: 'kunci: /nowhere/users.jsonl cannot be read: ENOENT\n' })
  t.same(await runKunci(kunci, ['user', 'import', kunci.dataDir]), { code: 1, out: '', err: `kunci: ${kunci.dataDir} cannot be read: EISDIR\n` })
  t.match(await runKunci(kunci, ['user', 'import', '-', '--format', 'xml']), { code: 2, out: '', err: /Allowed choices are jsonl, csv/ })
})

t.test('the standard input is a file like any other', async t => {
  t.same(await runKunci(kunci, ['user', 'import', '-'], jsonLines({ email: 'pipa@example.com' })), { code: 0, out: '1 account imported\n', err: '' })
  t.same(await runKunci(kunci, ['user', 'import', '-', '--format', 'csv'], 'email\nkoma@example.com\n'), { code: 0, out: '1 account imported\n', err: '' })
  t.same(await runKunci(kunci, ['user', 'import', '-']), { code: 1, out: '', err: 'kunci: the standard input holds no accounts\n' })
})
