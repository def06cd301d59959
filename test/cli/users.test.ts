import t from 'tap'
import { cells, json, newCommandLine, masked } from './kunci.js'

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

interface Account {
  id: string
  createdAt: string
  updatedAt: string
  roles: Array<{ id: string, name: string }>
}

t.test('an account is made, shown by each of its names, disabled, enabled and deleted', async t => {
  const kunci = await newCommandLine(t)
  const made = await kunci('user', 'create', 'Siti@Example.com', '--username', 'siti', '--name', 'Siti Rahma', '--phone', '+6281234567890', '--outlet', 'Main Outlet', '--role', 'volunteer', '--role', 'User')
  t.equal(masked(made.out), 'siti@example.com was made: <id>\nA mail with a link to choose the password is queued. A running server sends it within a second or two, otherwise the next one that starts.\n')
  t.same([made.code, made.err], [0, ''])

  const byEmail = await kunci('user', 'show', 'SITI@example.com')
  t.same(byEmail, { code: 0, out: byEmail.out, err: '' })
  t.same(cells(byEmail.out), [
    ['id', '<id>'],
    ['number', '1'],
    ['email', 'siti@example.com'],
    ['username', 'siti'],
    ['name', 'Siti Rahma'],
    ['phone', '+6281234567890'],
    ['outlet', 'Main Outlet'],
    ['roles', 'volunteer (primary), user'],
    ['state', 'unverified'],
    ['verified', '-'],
    ['disabled', '-'],
    ['deletion', '-'],
    ['created', '<time>'],
    ['updated', '<time>']
  ])
  const shown = json<Account & { outlet: { id: string } }>(await kunci('user', 'show', 'Siti', '--json'))
  const [volunteer, user] = shown.roles
  t.same(shown, {
    id: shown.id,
    number: 1,
    email: 'siti@example.com',
    username: 'siti',
    name: 'Siti Rahma',
    phone: '+6281234567890',
    outlet: { id: shown.outlet.id, name: 'Main Outlet' },
    roles: [{ id: volunteer?.id, name: 'volunteer', isActive: true, isPrimary: true }, { id: user?.id, name: 'user', isActive: true, isPrimary: false }],
    emailVerifiedAt: null,
    disabledAt: null,
    deletionDueAt: null,
    createdAt: shown.createdAt,
    updatedAt: shown.updatedAt
  })
  t.match([shown.id, shown.outlet.id, volunteer?.id], [UUID, UUID, UUID])
  t.match([shown.createdAt, shown.updatedAt], [TIME, TIME])
  t.equal((await kunci('user', 'show', shown.id.toUpperCase())).out, byEmail.out)

  t.same(await kunci('user', 'disable', 'siti'), { code: 0, out: 'siti@example.com is disabled, and has no session any more.\n', err: '' })
  const disabled = json<Account & { disabledAt: string }>(await kunci('user', 'disable', 'siti', '--json'))
  t.match(disabled.disabledAt, TIME)
  t.same(disabled, { ...shown, disabledAt: disabled.disabledAt, updatedAt: disabled.disabledAt }, 'once more changes nothing')
  t.same(await kunci('user', 'enable', shown.id), { code: 0, out: 'siti@example.com is enabled.\n', err: '' })
  const enabled = json<Account>(await kunci('user', 'enable', 'siti', '--json'))
  t.same(enabled, { ...shown, updatedAt: enabled.updatedAt })

  t.same(await kunci('user', 'delete', 'siti', '--yes'), { code: 0, out: 'siti@example.com is deleted.\n', err: '' })
  t.same(await kunci('user', 'show', 'siti'), { code: 1, out: '', err: 'kunci: no account has the email, username or id "siti"\n' })
  const other = json<Account>(await kunci('user', 'create', 'budi@example.com', '--json'))
  t.same(json(await kunci('user', 'delete', 'budi@example.com', '--yes', '--json')), { id: other.id, email: 'budi@example.com' })
})

t.test('accounts are listed in parts, the latest first, and searched by beginnings of words', async t => {
  const kunci = await newCommandLine(t)
  t.same(await kunci('user', 'list', '--json'), { code: 0, out: '{"rows":[],"next":null}\n', err: '' })
  t.same(await kunci('user', 'list'), { code: 0, out: 'ID  EMAIL  USERNAME  NAME  OUTLET  ROLES  STATE  CREATED\n', err: '' })
  for (const [name, ...options] of [['siti', '--name', 'Siti Rahma'], ['budi', '--username', 'budi.s'], ['sri', '--outlet', 'Main Outlet', '--role', 'admin']]) {
    t.equal((await kunci('user', 'create', `${name}@example.com`, ...options)).code, 0)
  }
  await kunci('user', 'disable', 'budi.s')

  const all = await kunci('user', 'list')
  t.same([all.code, all.err], [0, ''])
  const lines = all.out.split('\n')
  t.equal(lines[0], 'ID                                    EMAIL             USERNAME  NAME        OUTLET       ROLES  STATE       CREATED')
  t.match(lines[2], /^[\da-f-]{36} {2}budi@example\.com {2}budi\.s {4}- {11}- {12}user {3}disabled {4}\S{24}$/)
  t.same(cells(all.out).slice(1), [
    ['<id>', 'sri@example.com', '-', '-', 'Main Outlet', 'admin', 'unverified', '<time>'],
    ['<id>', 'budi@example.com', 'budi.s', '-', '-', 'user', 'disabled', '<time>'],
    ['<id>', 'siti@example.com', '-', 'Siti Rahma', '-', 'user', 'unverified', '<time>']
  ])

  const first = await kunci('user', 'list', '--limit', '2')
  t.same(cells(first.out).slice(1).map(row => row[1]), ['sri@example.com', 'budi@example.com'])
  t.equal(first.err, 'there is more: --cursor 2\n')
  const rest = json<{ rows: Account[], next: null }>(await kunci('user', 'list', '--limit', '2', '--cursor', '2', '--json'))
  const [siti] = rest.rows
  t.same(rest, {
    rows: [{
      id: siti?.id,
      number: 1,
      email: 'siti@example.com',
      username: null,
      name: 'Siti Rahma',
      phone: null,
      outlet: null,
      roles: [{ id: siti?.roles[0]?.id, name: 'user' }],
      emailVerifiedAt: null,
      disabledAt: null,
      deletionDueAt: null,
      createdAt: siti?.createdAt,
      updatedAt: siti?.updatedAt
    }],
    next: null
  })
  const emails = async (search: string) => json<{ rows: Array<{ email: string }> }>(await kunci('user', 'list', '--search', search, '--json')).rows.map(row => row.email)
  t.same(await emails('rah SITI'), ['siti@example.com'])
  t.same(await emails('s'), ['sri@example.com', 'budi@example.com', 'siti@example.com'])
  t.same(await emails('-- \' & | ! :*'), [])
})

t.test('an account that does not exist is told by every command alike', async t => {
  const kunci = await newCommandLine(t)
  const commands = [
    ['user', 'show'], ['user', 'disable'], ['user', 'enable'], ['user', 'reset-password'], ['user', 'delete', '--yes'],
    ['sessions', 'list'], ['sessions', 'revoke'], ['events', '--user'], ['role', 'grant', 'nobody@example.com', 'user'], ['role', 'revoke', 'nobody@example.com', 'user']
  ]
  for (const command of commands) {
    const args = command[0] === 'role' ? command : [...command, 'nobody@example.com']
    t.same(await kunci(...args), { code: 1, out: '', err: 'kunci: no account has the email, username or id "nobody@example.com"\n' }, args.join(' '))
  }
})
