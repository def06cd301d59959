import t from 'tap'
import { bearer, build } from '../helper.js'
import { login, profile } from '../outlet/client.js'
import { importFile, jsonLines } from './client.js'

const kunci = await build(t)
const { sql } = kunci
const BCRYPT = '$2y$05$abcdefghijklmnopqrstuubBvOziOylRSGeSdIXl25SZhJSlhQBdK'
const ID = '01890a5d-ac96-774b-bcce-b302099a8057'

async function problemsOf (account: object): Promise<string> {
  const { code, out, err } = await importFile(kunci, jsonLines(account))
  t.equal(code, 1)
  t.equal(out, '')
  return err.split('\n')[0]?.replace('line 1: ', '') ?? ''
}

t.test('every field is taken over, in its normal form', async t => {
  const full = {
    id: ID.toUpperCase(),
    email: '  Siti.Nurhaliza@Example.COM ',
    username: 'Siti N',
    name: 'Siti Nurhaliza 🌺',
    phone: '081234567890',
    outlet: 'Main Outlet',
    roles: ['volunteer', 'admin', 'volunteer'],
    password_hash: BCRYPT,
    email_verified: '2021-06-01 09:30:00.25+07',
    disabled: false,
    created_at: '2020-02-29T23:59:59Z'
  }
  const sparse = { email: 'sepi@example.com', username: null, name: null, phone: null, outlet: null, roles: [], password_hash: null, email_verified: null, disabled: null, created_at: null, id: null }
  const before = new Date()
  t.same(await importFile(kunci, jsonLines(full, sparse, { email: 'mati@example.com', disabled: true, email_verified: true })), { code: 0, out: '3 accounts imported\n', err: '' })
  const rows = await sql`select users.*, outlets.name as outlet from users left join outlets on outlets.id = outlet_id order by users.number`
  const [siti, sepi, mati] = rows
  t.match(siti, {
    id: ID,
    email: 'siti.nurhaliza@example.com',
    username: 'Siti N',
    name: 'Siti Nurhaliza 🌺',
    phone: '081234567890',
    outlet: 'Main Outlet',
    password_hash: BCRYPT,
    disabled_at: null,
    email_verified_at: new Date('2021-06-01T02:30:00.250Z'),
    created_at: new Date('2020-02-29T23:59:59.000Z'),
    token_version: 0
  })
  t.match(sepi, { id: /^[\da-f]{8}-[\da-f]{4}-7/, email: 'sepi@example.com', username: null, name: null, phone: null, outlet: null, password_hash: null, email_verified_at: null, disabled_at: null })
  t.ok(sepi?.['created_at'] >= before && sepi?.['updated_at'] >= before)
  t.ok(mati?.['disabled_at'] >= before && mati?.['email_verified_at'] >= before)
  t.same(await sql`select role.name, status, is_primary from user_roles join roles role on role.id = role_id where user_id = ${ID} order by is_primary desc`, [{ name: 'volunteer', status: true, is_primary: true }, { name: 'admin', status: true, is_primary: false }])
  t.same(await sql`select role.name, status, is_primary from user_roles join roles role on role.id = role_id where user_id = ${sepi?.['id']}`, [{ name: 'user', status: true, is_primary: true }])

  const { accessToken } = await login(kunci, 'siti.nurhaliza@example.com', 'Kunci-lama 7é')
  const { data } = (await profile(kunci, accessToken)).json()
  t.match(data, { id: ID, username: 'Siti N', role: { name: 'volunteer', isAdmin: false } })
  const history = (await kunci.app.inject({ url: '/auth/history', headers: bearer(accessToken) })).json()
  t.same(history.data.map((event: { type: string }) => event.type), ['session.started', 'account.imported'])
})

t.test('each account\'s import is an event without an actor, and makes no token void', async t => {
  t.same(await sql`select type, contract, session_id, reason, actor_id, details, ip, user_agent from audit_events where type = 'account.imported'`,
    Array(3).fill({ type: 'account.imported', contract: null, session_id: null, reason: null, actor_id: null, details: null, ip: null, user_agent: null }))
  t.same(await sql`select * from revocations`, [])
})

t.test('a role that an imported account is given later makes its tokens void all the same', async t => {
  const { accessToken } = await login(kunci, 'siti.nurhaliza@example.com', 'Kunci-lama 7é')
  await sql`insert into user_roles select ${ID}, id, true, false, now(), now() from roles where name = 'user'`
  t.same(await sql`select scope, user_id, version::int from revocations`, [{ scope: 'grants', user_id: ID, version: 1 }])
  for (let status = 200; status === 200;) status = (await profile(kunci, accessToken)).statusCode
})

t.test('what a field does not take is said of it, never what it holds', async t => {
  const refused: Array<[object, string]> = [
    [{}, 'email is missing'],
    [{ email: null }, 'email is missing'],
    [{ email: '' }, 'email is no address'],
    [{ email: 'siti' }, 'email is no address'],
    [{ email: 7 }, 'email is no text'],
    [{ email: `${'a'.repeat(90)}@example.com` }, 'email is no address'],
    [{ email: 'a@example.com', username: 'x' }, 'username has 3 to 50 letters, digits, dots, underscores, hyphens and single inner spaces'],
    [{ email: 'a@example.com', name: 'a\0b' }, 'name is no text'],
    [{ email: 'a@example.com', name: 'a\ud800' }, 'name is no text'],
    [{ email: 'a@example.com', name: ' ' }, 'name has 1 to 100 characters, none of them a control character'],
    [{ email: 'a@example.com', name: 'two\nlines' }, 'name has 1 to 100 characters, none of them a control character'],
    [{ email: 'a@example.com', phone: '1' }, 'phone is no possible phone number of at most 15 characters'],
    [{ email: 'a@example.com', outlet: 'Nowhere' }, 'outlet names no outlet that exists'],
    [{ email: 'a@example.com', roles: ['user', 'king'] }, 'roles names a role that does not exist'],
    [{ email: 'a@example.com', roles: 'user' }, 'roles is no list of names'],
    [{ email: 'a@example.com', roles: [7] }, 'roles is no list of names'],
    [{ email: 'a@example.com', disabled: 'no' }, 'disabled is neither true nor false'],
    [{ email: 'a@example.com', email_verified: 1 }, 'email_verified is neither true nor false'],
    [{ email: 'a@example.com', email_verified: 'yesterday' }, 'email_verified is no past time with its zone, such as 2024-05-01T12:00:00Z'],
    ...['2024-05-01', '2024-05-01T12:00:00', '2023-02-29T12:00:00Z', '2024-13-01T12:00:00Z', '2024-05-01T12:00:60Z', '1969-12-31T23:59:59Z', '9999-01-01T00:00:00Z', '1714564800', '+002024-05-01T12:00:00Z'].map((time): [object, string] =>
      [{ email: 'a@example.com', created_at: time }, 'created_at is no past time with its zone, such as 2024-05-01T12:00:00Z']),
    ...['x', '42', '00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', `{${ID}}`].map((id): [object, string] => [{ email: 'a@example.com', id }, 'id is no UUID']),
    [{ email: 'a@example.com', password: 'rahasia' }, 'password is not known'],
    [{ email: 'a@example.com', isAdmin: true, token_version: 3 }, 'isAdmin is not known; token_version is not known'],
    [{ email: 'a@example.com', 'rahasia sekali': 1 }, 'a field is not known'],
    [{ email: 'b', phone: '1', disabled: 1 }, 'email is no address; phone is no possible phone number of at most 15 characters; disabled is neither true nor false']
  ]
  const { code, out, err } = await importFile(kunci, jsonLines(...refused.map(([account]) => account)))
  t.equal(code, 1)
  t.equal(out, '')
  t.same(err.split('\n'), [...refused.map(([, said], place) => `line ${place + 1}: ${said}`), `kunci: nothing was imported, bad lines: ${refused.length} of ${refused.length}`, ''])
  t.equal(await problemsOf(JSON.parse('{ "email": "a@example.com", "__proto__": { "isAdmin": true } }')), '__proto__ is not known')
})

t.test('an id that any account had before is not given again', async t => {
  await sql`delete from users where email = 'mati@example.com'`
  const [gone] = await sql`select user_id from audit_events where type = 'account.imported' and user_id not in (select id from users)`
  t.equal(await problemsOf({ email: 'baru@example.com', id: gone?.['user_id'] }), 'id is taken')
  t.equal(await problemsOf({ email: 'baru@example.com', id: ID }), 'id is taken')
})

t.test('lines that name no outlet or role get those of the options', async t => {
  await sql`insert into outlets (id, name, created_at, updated_at) values (gen_random_uuid(), 'Cabang', now(), now())`
  t.same(await importFile(kunci, jsonLines({ email: 'cabang@example.com' }, { email: 'utama@example.com', outlet: 'Main Outlet', roles: ['user'] }), { args: ['--outlet', 'Cabang', '--role', 'admin'] }), { code: 0, out: '2 accounts imported\n', err: '' })
  t.same(await sql`select email, outlets.name as outlet, role.name as role from users join outlets on outlets.id = outlet_id join user_roles on user_id = users.id join roles role on role.id = role_id where email in ('cabang@example.com', 'utama@example.com') order by email`,
    [{ email: 'cabang@example.com', outlet: 'Cabang', role: 'admin' }, { email: 'utama@example.com', outlet: 'Main Outlet', role: 'user' }])
  for (const [option, said] of [['--outlet', 'there is no outlet "Nowhere"'], ['--role', 'there is no role "Nowhere"']] as const) {
    t.same(await importFile(kunci, jsonLines({ email: 'lagi@example.com' }), { args: [option, 'Nowhere'] }), { code: 1, out: '', err: `kunci: ${said}\n` })
  }
})
