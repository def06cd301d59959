import { randomUUID } from 'node:crypto'
import t from 'tap'
import { failed } from '../contracts/failures.js'
import { choices } from '../outlet/client.js'
import { administered, makeRole, roleNamed, state } from './client.js'

const { kunci, root } = await administered(t)
const { outlet, user, admin } = await choices(kunci)
const volunteer = await roleNamed(kunci, 'volunteer')
const account = (await root.ask('POST', '/users', { email: 'siti@example.com', role_id: user })).json().data.id
const role = await makeRole(kunci, 'nothing', [])
const before = await state(kunci)

const invalid = (...errors: string[]) => ({ status: 400, body: { status: 400, message: 'Validation failed', errors } })

t.test('nothing can be set but what an endpoint says', async t => {
  const fields: Record<string, unknown> = {
    id: randomUUID(),
    number: 1,
    email_verified_at: '2026-01-01T00:00:00.000Z',
    emailVerifiedAt: '2026-01-01T00:00:00.000Z',
    isConfirmed: true,
    isAdmin: true,
    is_admin: true,
    is_default: true,
    isDefault: true,
    password: 'Password123!',
    password_hash: 'x',
    disabled_at: null,
    deletion_due_at: null,
    token_version: 0,
    created_at: '2026-01-01T00:00:00.000Z',
    invited_by: root.id,
    actor_id: null,
    version: 1
  }
  const bodies: Array<[Parameters<typeof root.ask>[0], string, object, Record<string, unknown>]> = [
    ['POST', '/users', { email: 'new@example.com', role_id: user }, { permissions: ['users.read'] }],
    ['PATCH', `/users/${account}`, { name: 'Siti' }, { email: 'new@example.com', role_id: admin, roles: [{ role_id: admin }], permissions: ['users.read'] }],
    ['PUT', `/users/${account}/roles`, { roles: [{ role_id: user }] }, { role_id: admin, email: 'new@example.com' }],
    ['POST', `/users/${account}/disable`, {}, { roles: [] }],
    ['POST', `/users/${account}/reset`, {}, { email: 'new@example.com' }],
    ['POST', `/users/${account}/verification`, {}, { email: 'new@example.com' }],
    ['DELETE', `/users/${account}`, {}, { outlet_id: outlet }],
    ['POST', '/roles', { name: 'new' }, { role_id: user }],
    ['PATCH', `/roles/${role}`, { name: 'new' }, { role_id: user }],
    ['POST', '/outlets', { name: 'new' }, { role_id: user }],
    ['PATCH', `/outlets/${outlet}`, { name: 'new' }, { role_id: user }],
    ['POST', '/invitations', { email: 'new@example.com', role_id: user }, { roles: [{ role_id: admin }], accountId: root.id }]
  ]
  for (const [method, path, payload, own] of bodies) {
    for (const [field, value] of Object.entries({ ...fields, ...own })) {
      t.strictSame(failed(await root.ask(method, path, { ...payload, [field]: value })), invalid(`${field} is not allowed`), `${field} at ${method} ${path}`)
    }
  }
})

t.test('what is wrong within a list is named by its place', async t => {
  const cases: Array<[unknown, string[]]> = [
    [[{}], ['roles[0].role_id is required']],
    [[{ role_id: user }, { role_id: 'x', status: 'yes', primary: 1 }], ['roles[1].role_id must be a UUID', 'roles[1].status must be true or false', 'roles[1].primary must be true or false']],
    [[{ role_id: user, is_admin: true }], ['roles[0].is_admin is not allowed']],
    [[user], ['roles[0] must be an object']],
    [[null, { role_id: user }], ['roles[0] must be an object']],
    [{ role_id: user }, ['roles must be a list']],
    ['x', ['roles must be a list']],
    [Array.from({ length: 101 }, () => ({ role_id: user })), ['roles must have at most 100 entries']]
  ]
  for (const [roles, errors] of cases) {
    t.strictSame(failed(await root.ask('PUT', `/users/${account}/roles`, { roles })), invalid(...errors), JSON.stringify(roles)?.slice(0, 60))
    t.strictSame(failed(await root.ask('POST', '/users', { email: 'new@example.com', roles })), invalid(...errors))
  }
})

t.test('an account has at least one role, none twice, and one of those in force is the primary one', async t => {
  const wrong = 'roles must name each role once, and one active role as the primary one'
  for (const roles of [
    [],
    [{ role_id: user, status: false }],
    [{ role_id: user, primary: false }],
    [{ role_id: user }, { role_id: volunteer }],
    [{ role_id: user, primary: true }, { role_id: volunteer, primary: true }],
    [{ role_id: user, primary: true, status: false }, { role_id: volunteer }],
    [{ role_id: user, primary: true }, { role_id: user }],
    [{ role_id: user, primary: true }, { role_id: user.toUpperCase() }]
  ]) {
    t.strictSame(failed(await root.ask('PUT', `/users/${account}/roles`, { roles })), invalid(wrong), JSON.stringify(roles))
    t.strictSame(failed(await root.ask('POST', '/users', { email: 'new@example.com', roles })), invalid(wrong))
  }
})

t.test('a new account takes either a role or a list of them', async t => {
  t.strictSame(failed(await root.ask('POST', '/users', { email: 'new@example.com' })), invalid('role_id is required'))
  t.strictSame(failed(await root.ask('POST', '/users', { email: 'new@example.com', role_id: user, roles: [{ role_id: user }] })), invalid('role_id or roles is needed, and not both'))
})

t.test('bad fields are named, in their order', async t => {
  const label = 'must be 1 to 100 characters, without control characters and without spaces at its ends'
  const permission = 'must be at most 64 small letters, digits, underscores, hyphens or single dots, a letter first'
  const cases: Array<[Parameters<typeof root.ask>[0], string, object, string[]]> = [
    ['POST', '/users', { role_id: 'x', name: '', email: 'siti', phone: 'x', username: 'a' }, [
      'email must be a valid email address',
      'username must be 3 to 50 letters, digits, dots, underscores, hyphens or single inner spaces',
      'name is required',
      'phone must be a valid phone number of at most 15 characters',
      'role_id must be a UUID'
    ]],
    ['PATCH', `/users/${account}`, {}, ['body must have something to change']],
    ['PATCH', `/users/${account}`, { outlet_id: 7 }, ['outlet_id must be a string']],
    ['PATCH', `/roles/${role}`, {}, ['body must have something to change']],
    ['PATCH', `/outlets/${outlet}`, {}, ['body must have something to change']],
    ...['admin ', ' admin', '\u00a0admin', 'a\tb', 'a'.repeat(101)].map(name => ['POST', '/roles', { name }, [`name ${label}`]] as [Parameters<typeof root.ask>[0], string, object, string[]]),
    ['POST', '/outlets', { name: ' Second', registration: 'shut' }, [`name ${label}`, 'registration must be open, invitation or closed']],
    ['POST', '/roles', { name: 'new', permissions: ['Users.Read', '*', 'users..read', '.x', 'a b', 'a,b', '', 'a'.repeat(65), 7], self_assignable: 'no' }, [
      ...[0, 1, 2, 3, 4, 5].map(at => `permissions[${at}] ${permission}`), 'permissions[6] is required', `permissions[7] ${permission}`, 'permissions[8] must be a string', 'self_assignable must be true or false'
    ]],
    ['POST', '/roles', { name: 'new', permissions: Array.from({ length: 101 }, (_, at) => `p${at}`) }, ['permissions must have at most 100 entries']],
    ['POST', '/invitations', { email: 'siti', outlet_id: 'x' }, ['email must be a valid email address', 'outlet_id must be a UUID', 'role_id is required']]
  ]
  for (const [method, path, payload, errors] of cases) {
    t.strictSame(failed(await root.ask(method, path, payload)), invalid(...errors), `${method} ${path} ${JSON.stringify(payload).slice(0, 80)}`)
  }
})

t.test('a list takes a limit, a cursor of its own and times as they are written', async t => {
  const limit = 'limit must be a whole number from 1 to 100'
  const cursor = 'cursor must be the next of a page before'
  const moment = 'must be a time such as 2026-01-05T08:00:00Z'
  const id = randomUUID()
  for (const [query, ...errors] of [
    ['/users?limit=0', limit], ['/users?limit=101', limit], ['/users?limit=1e1', limit],
    [`/users?cursor=${id}`, cursor], ['/users?cursor=0', cursor], ['/users?cursor=12345678901234567', cursor],
    ['/sessions?cursor=7', cursor], [`/sessions?cursor=${id.toUpperCase()}`, cursor], ['/invitations?cursor=7', cursor],
    ['/events?cursor=7', cursor], [`/events?cursor=${id}`, cursor], ['/events?cursor=999999999999999.1', cursor], ['/events?cursor=1767600000000.0', cursor],
    ['/events?user_id=7', 'user_id must be a UUID'], ['/sessions?user_id=7', 'user_id must be a UUID'],
    ...['2026-01-05', '1767600000000', '-1', '1.5', '2026-02-30T00:00:00Z', '2025-02-29T00:00:00Z', '2026-13-01T00:00:00Z', '2026-01-05T25:00:00Z', '2026-01-05T08:00:00', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59-01:00', '0001-01-01T00:00:00%2B01:00', '%2B12026-01-01T00:00:00Z', '2026-01-05T08:00:00+07:00', 'Mon, 05 Jan 2026 08:00:00 GMT'].flatMap(text => [
      [`/events?from=${text}`, `from ${moment}`] as const, [`/events?to=${text}`, `to ${moment}`] as const
    ]),
    ['/events?to=x&from=x', `from ${moment}`, `to ${moment}`]
  ] as const) {
    t.strictSame(failed(await root.ask('GET', query)), invalid(...errors), query)
  }
  for (const text of ['2026-01-05T08:00:00Z', '2026-01-05T08:00Z', '2026-01-05T15:00:00.123456789%2B07:00', '2024-02-29T00:00:00Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z']) {
    for (const bound of ['from', 'to']) t.equal((await root.ask('GET', `/events?${bound}=${text}`)).statusCode, 200, `${bound} ${text}`)
  }
  for (const place of ['/events?cursor=9999999999999.9999999999999999', '/events?cursor=1000000000000.1', '/users?cursor=9999999999999999', `/events?user_id=${root.id}&cursor=9999999999999.9999999999999999`]) {
    t.equal((await root.ask('GET', place)).statusCode, 200, place)
  }
})

t.test('none of this wrote anything', async t => {
  t.strictSame(await state(kunci), before)
})
