import t from 'tap'
import { build } from '../helper.js'
import { importFile } from './client.js'

const ARGON2 = '$argon2id$v=19$m=1024,t=2,p=2$Z7J1gxvG6zKgeFIyUhwUtw$MFRIs9SZfNh17cG70TznReijdP4heiyjrFrs2miqCF8'
const csv = (...lines: string[]) => lines.map(line => `${line}\r\n`).join('')

t.test('CSV says what JSON Lines do: quotes, a byte order mark, CRLF, empty cells, roles by |', async t => {
  const kunci = await build(t)
  const { sql } = kunci
  const file = `\ufeff${csv(
    'email, username,name,phone,outlet,roles,password_hash,email_verified,disabled,created_at',
    `siti@example.com,siti,"Siti ""Iti"", Nurhaliza",081234567890,Main Outlet,volunteer|user,"${ARGON2}",t,f,2020-02-29 12:00:00+00`,
    'budi@example.com,,,,,,,,,',
    '',
    '"tuti@example.com","","","","","","","2021-01-01T00:00:00Z","TRUE",""'
  )}wati@example.com,,'=1+1,,,,,false,false,`
  t.same(await importFile(kunci, file, { name: 'USERS.CSV' }), { code: 0, out: '4 accounts imported\n', err: '' })
  const rows = await sql`select email, username, users.name, phone, outlets.name as outlet, password_hash, email_verified_at is not null as verified, disabled_at is not null as disabled,
      (select string_agg(role.name, '|' order by is_primary desc) from user_roles join roles role on role.id = role_id where user_id = users.id) as roles
    from users left join outlets on outlets.id = outlet_id order by users.number`
  t.same(rows, [
    { email: 'siti@example.com', username: 'siti', name: 'Siti "Iti", Nurhaliza', phone: '081234567890', outlet: 'Main Outlet', password_hash: `argon2${ARGON2}`, verified: true, disabled: false, roles: 'volunteer|user' },
    { email: 'budi@example.com', username: null, name: null, phone: null, outlet: null, password_hash: null, verified: false, disabled: false, roles: 'user' },
    { email: 'tuti@example.com', username: null, name: null, phone: null, outlet: null, password_hash: null, verified: true, disabled: true, roles: 'user' },
    { email: 'wati@example.com', username: null, name: "'=1+1", phone: null, outlet: null, password_hash: null, verified: false, disabled: false, roles: 'user' }
  ])
})

t.test('a bad line of CSV spoils no other', async t => {
  const kunci = await build(t)
  const { code, out, err } = await importFile(kunci, csv(
    'email,name,disabled',
    'satu@example.com,"Dua',
    'baris",',
    'tiga@example.com,a"b,',
    'empat@example.com,"a"b,',
    `lima@example.com,x,,${ARGON2}`,
    'enam@example.com',
    'tujuh@example.com,x,perhaps',
    'delapan@example.com,=HYPERLINK(0),'
  ), { args: ['--format', 'csv', '--skip-bad'] })
  t.equal(code, 0)
  t.equal(out, '1 account imported, 7 left out\n')
  t.same(err.split('\n'), [
    ...[2, 3, 4, 5].map(line => `line ${line}: the line has a quote that is not doubled, or not closed on the line`),
    'line 6: the line has another number of fields than the header',
    'line 7: the line has another number of fields than the header',
    'line 8: disabled is neither true nor false',
    ''
  ])
  t.same(await kunci.sql`select email, name from users`, [{ email: 'delapan@example.com', name: '=HYPERLINK(0)' }])
})

t.test('a header that is none, or names what is not known, keeps the file out', async t => {
  const kunci = await build(t)
  const headers = {
    'email;name': 'begins with no header: its first line names the fields, email among them, separated by commas',
    'email,password': 'has a field that is not known, "password": it takes id, email, username, name, phone, outlet, roles, password_hash, email_verified, disabled, created_at',
    'email,name,email': 'names a field twice in its header'
  }
  for (const [header, said] of Object.entries(headers)) {
    t.same(await importFile(kunci, csv(header, 'b@example.com,x'), { name: 'users.csv' }), { code: 1, out: '', err: `kunci: ${kunci.dataDir}/users.csv ${said}\n` }, header)
  }
  t.same(await kunci.sql`select * from users`, [])
})
