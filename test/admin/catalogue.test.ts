import { randomUUID } from 'node:crypto'
import t from 'tap'
import { failed } from '../contracts/failures.js'
import { choices, register } from '../outlet/client.js'
import { administered, roleNamed } from './client.js'

const { kunci, root } = await administered(t)
const { app, clock, sql } = kunci
const { outlet, user, admin } = await choices(kunci)
const volunteer = await roleNamed(kunci, 'volunteer')
const ALL = ['users.create', 'users.read', 'users.update', 'users.delete', 'roles.manage', 'outlets.manage', 'sessions.manage', 'audit.read']

t.test('all roles are listed, by number', async t => {
  const response = await root.ask('GET', '/roles')
  t.equal(response.statusCode, 200)
  const { data, ...rest } = response.json()
  t.strictSame(rest, { status: 200, message: 'Get roles success', next: null })
  const migrated = (await sql<Array<{ created_at: Date }>>`select created_at from roles`)[0]?.created_at.toISOString()
  const common = { isDefault: false, createdAt: migrated, updatedAt: migrated }
  t.strictSame(data, [
    { id: admin, number: 1, name: 'admin', permissions: ALL, isAdmin: true, selfAssignable: false, ...common },
    { id: user, number: 2, name: 'user', permissions: [], isAdmin: false, selfAssignable: true, ...common, isDefault: true },
    { id: volunteer, number: 3, name: 'volunteer', permissions: [], isAdmin: false, selfAssignable: true, ...common }
  ])
})

t.test('a role is made, changed in each of its parts, and deleted', async t => {
  const made = await root.ask('POST', '/roles', { name: 'Éditeur', permissions: ['reports.read', 'users.read', 'reports.read'] })
  t.equal(made.statusCode, 201)
  let expected = {
    id: await roleNamed(kunci, 'Éditeur'),
    number: 4,
    name: 'Éditeur',
    permissions: ['reports.read', 'users.read'],
    isAdmin: false,
    selfAssignable: false,
    isDefault: false,
    createdAt: clock.now.toISOString(),
    updatedAt: clock.now.toISOString()
  }
  t.strictSame(made.json(), { status: 201, message: 'Role created', data: expected })
  for (const [change, shown] of [
    [{ name: 'editor' }, { name: 'editor' }],
    [{ permissions: [] }, { permissions: [] }],
    [{ permissions: ['x', 'a.b-c_9.0'] }, { permissions: ['x', 'a.b-c_9.0'] }],
    [{ self_assignable: true }, { selfAssignable: true }],
    [{ name: 'Editor', permissions: ['reports.read'], self_assignable: false }, { name: 'Editor', permissions: ['reports.read'], selfAssignable: false }]
  ]) {
    clock.advance(60)
    const changed = await root.ask('PATCH', `/roles/${expected.id}`, change)
    expected = { ...expected, ...shown, updatedAt: clock.now.toISOString() }
    t.equal(changed.statusCode, 200)
    t.strictSame(changed.json(), { status: 200, message: 'Role updated', data: expected }, JSON.stringify(change))
  }
  t.strictSame((await root.ask('GET', '/roles')).json().data[3], expected)
  const deleted = await root.ask('DELETE', `/roles/${expected.id}`)
  t.equal(deleted.statusCode, 200)
  t.strictSame(deleted.json(), { status: 200, message: 'Role deleted' })
  t.equal((await root.ask('GET', '/roles')).json().data.length, 3)
})

t.test('a role that is for anybody to choose is offered to whoever registers', async t => {
  const offered = async () => (await app.inject('/auth/roles')).json().data.map((role: { name: string }) => role.name)
  const { id } = (await root.ask('POST', '/roles', { name: 'customer', self_assignable: true })).json().data
  t.strictSame(await offered(), ['user', 'volunteer', 'customer'])
  t.equal((await register(kunci, { role_id: id })).statusCode, 200)
  await root.ask('PATCH', `/roles/${id}`, { self_assignable: false })
  t.strictSame(await offered(), ['user', 'volunteer'])
  t.equal((await register(kunci, { email: 'budi@example.com', username: 'budi', role_id: id })).statusCode, 403)
})

t.test('a name is one role\'s, in whatever case, and what is unknown is not found', async t => {
  const taken = { status: 409, body: { status: 409, message: 'Role already exists' } }
  t.strictSame(failed(await root.ask('POST', '/roles', { name: 'USER' })), taken)
  t.strictSame(failed(await root.ask('PATCH', `/roles/${volunteer}`, { name: 'User' })), taken)
  const notFound = { status: 404, body: { status: 404, message: 'Role not found' } }
  t.strictSame(failed(await root.ask('PATCH', `/roles/${randomUUID()}`, { name: 'new' })), notFound)
  t.strictSame(failed(await root.ask('DELETE', `/roles/${randomUUID()}`)), notFound)
})

t.test('a role that an account or an invitation has, or that is the default, is not deleted', async t => {
  const inUse = { status: 409, body: { status: 409, message: 'Role is in use' } }
  t.strictSame(failed(await root.ask('DELETE', `/roles/${user}`)), inUse, 'the default')
  const { id } = (await root.ask('POST', '/roles', { name: 'guest' })).json().data
  const invitation = (await root.ask('POST', '/invitations', { email: 'guest@example.com', role_id: id })).json().data.id
  t.strictSame(failed(await root.ask('DELETE', `/roles/${id}`)), inUse, 'an invitation has it')
  await root.ask('DELETE', `/invitations/${invitation}`)
  const account = (await root.ask('POST', '/users', { email: 'holder@example.com', roles: [{ role_id: user, primary: true }, { role_id: id, status: false }] })).json().data.id
  t.strictSame(failed(await root.ask('DELETE', `/roles/${id}`)), inUse, 'an account has it, switched off')
  await root.ask('PUT', `/users/${account}/roles`, { roles: [{ role_id: user }] })
  t.equal((await root.ask('DELETE', `/roles/${id}`)).statusCode, 200, 'an invitation that is over keeps nothing')
})

t.test('outlets are made, renamed and closed to registration', async t => {
  const made = await root.ask('POST', '/outlets', { name: 'Annex' })
  t.equal(made.statusCode, 201)
  const [row] = await sql<Array<{ id: string }>>`select id from outlets where name = 'Annex'`
  let expected = { id: row?.id, name: 'Annex', registration: 'open', createdAt: clock.now.toISOString(), updatedAt: clock.now.toISOString() }
  t.strictSame(made.json(), { status: 201, message: 'Outlet created', data: expected })
  for (const change of [{ name: 'Second Outlet' }, { registration: 'invitation' }, { registration: 'closed' }, { name: 'Annex', registration: 'open' }]) {
    clock.advance(60)
    const changed = await root.ask('PATCH', `/outlets/${expected.id}`, change)
    expected = { ...expected, ...change, updatedAt: clock.now.toISOString() }
    t.equal(changed.statusCode, 200)
    t.strictSame(changed.json(), { status: 200, message: 'Outlet updated', data: expected }, JSON.stringify(change))
  }
  const closed = (await root.ask('POST', '/outlets', { name: 'Back Office', registration: 'closed' })).json().data
  const [main] = await sql<Array<{ created_at: Date }>>`select created_at from outlets where id = ${outlet}`
  const at = main?.created_at.toISOString()
  const listed = await root.ask('GET', '/outlets')
  t.equal(listed.statusCode, 200)
  t.strictSame(listed.json(), {
    status: 200,
    message: 'Get outlets success',
    data: [expected, { ...closed, name: 'Back Office', registration: 'closed' }, { id: outlet, name: 'Main Outlet', registration: 'open', createdAt: at, updatedAt: at }],
    next: null
  })
})

t.test('a name is one outlet\'s, and what is unknown is not found', async t => {
  const taken = { status: 409, body: { status: 409, message: 'Outlet already exists' } }
  t.strictSame(failed(await root.ask('POST', '/outlets', { name: 'Main Outlet' })), taken)
  const { id } = (await root.ask('POST', '/outlets', { name: 'Third' })).json().data
  t.strictSame(failed(await root.ask('PATCH', `/outlets/${id}`, { name: 'Main Outlet' })), taken)
  t.strictSame(failed(await root.ask('PATCH', `/outlets/${randomUUID()}`, { name: 'x' })), { status: 404, body: { status: 404, message: 'Outlet not found' } })
})
