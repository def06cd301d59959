import t from 'tap'
import { failed } from '../contracts/failures.js'
import { registerVerified } from '../outlet/client.js'
import { administered, makeRole, type Person, personWho, personWith, roleNamed, signedIn, state } from './client.js'

const { kunci, root } = await administered(t)
const FORBIDDEN = { status: 403, body: { status: 403, message: 'Forbidden' } }
const user = await roleNamed(kunci, 'user')
const admin = await roleNamed(kunci, 'admin')
const auditor = await makeRole(kunci, 'auditor', ['audit.read'])
const reporter = await makeRole(kunci, 'reporter', ['reports.read'])

/** Sends requests that must all be refused, and nothing may change. */
async function refused (t: Tap, { ask }: Person, requests: ReadonlyArray<readonly [Parameters<Person['ask']>[0], string, object?]>): Promise<void> {
  const before = await state(kunci)
  for (const [method, path, payload] of requests) {
    t.strictSame(failed(await ask(method, path, payload)), FORBIDDEN, `${method} ${path} ${JSON.stringify(payload)}`)
  }
  t.strictSame(await state(kunci), before)
}

type Tap = Parameters<typeof administered>[0]

const clerk = await personWho(kunci, 'clerk', 'users.update', 'users.delete', 'users.create', 'users.read')

t.test('an account with more permissions cannot be changed, disabled, reset, given other roles or deleted', async t => {
  const above = {
    administrator: root,
    auditor: await personWith(kunci, 'auditor', auditor),
    'one whose further role has more': await personWith(kunci, 'reporter', user),
    'one who is disabled': await personWith(kunci, 'disabled', auditor)
  }
  await root.ask('PUT', `/users/${above['one whose further role has more'].id}/roles`, { roles: [{ role_id: user, primary: true }, { role_id: reporter }] })
  await root.ask('POST', `/users/${above['one who is disabled'].id}/disable`)
  await kunci.sql`update users set email_verified_at = null where id = ${above.auditor.id}`
  for (const [who, { id }] of Object.entries(above)) {
    await t.test(who, async t => await refused(t, clerk, [
      ['PATCH', `/users/${id}`, { username: 'taken.over' }],
      ['PATCH', `/users/${id}`, { outlet_id: null }],
      ['PUT', `/users/${id}/roles`, { roles: [{ role_id: user }] }],
      ['PUT', `/users/${id}/roles`, { roles: [{ role_id: user, primary: true }, { role_id: auditor, status: false }] }],
      ['POST', `/users/${id}/disable`],
      ['POST', `/users/${id}/enable`],
      ['POST', `/users/${id}/reset`],
      ['POST', `/users/${id}/verification`],
      ['DELETE', `/users/${id}`]
    ]))
  }
})

t.test('an account with the same permissions or fewer can be', async t => {
  const clerks = await makeRole(kunci, 'clerks', ['users.update', 'users.read'])
  for (const role of [user, clerks]) {
    const { id } = await personWith(kunci, `below.${role.slice(-12)}`, role)
    t.equal((await clerk.ask('PATCH', `/users/${id}`, { name: 'Siti' })).statusCode, 200)
    for (const act of ['disable', 'enable', 'reset', 'verification']) t.equal((await clerk.ask('POST', `/users/${id}/${act}`)).statusCode, 200, act)
    t.equal((await clerk.ask('PUT', `/users/${id}/roles`, { roles: [{ role_id: clerks }] })).statusCode, 200)
    t.equal((await clerk.ask('DELETE', `/users/${id}`)).statusCode, 200)
  }
})

t.test('nobody gives a role with permissions that they lack: to others, to themselves, to a new account or by an invitation', async t => {
  await registerVerified(kunci, 'friend@example.com', 'friend')
  const friend = await signedIn(kunci, 'friend@example.com')
  await refused(t, clerk, [admin, auditor, reporter].flatMap(role => [
    ['PUT', `/users/${friend.id}/roles`, { roles: [{ role_id: role }] }],
    ['PUT', `/users/${friend.id}/roles`, { roles: [{ role_id: user, primary: true }, { role_id: role }] }],
    ['PUT', `/users/${clerk.id}/roles`, { roles: [{ role_id: role }] }],
    ['POST', '/users', { email: 'new@example.com', role_id: role }],
    ['POST', '/users', { email: 'new@example.com', roles: [{ role_id: user, primary: true }, { role_id: role }] }],
    ['POST', '/invitations', { email: 'new@example.com', role_id: role }]
  ] as const))
})

t.test('a role that was given switched off takes the permissions to be switched on', async t => {
  const { id } = await personWith(kunci, 'sleeper', user)
  const roles = (status: boolean) => ({ roles: [{ role_id: user, primary: true }, { role_id: admin, status }] })
  t.equal((await root.ask('PUT', `/users/${id}/roles`, roles(false))).statusCode, 200)
  await refused(t, clerk, [['PUT', `/users/${id}/roles`, roles(true)]])
  t.equal((await clerk.ask('PUT', `/users/${id}/roles`, roles(false))).statusCode, 200, 'it may stay as it is')
  t.equal((await clerk.ask('PUT', `/users/${id}/roles`, { roles: [{ role_id: user }] })).statusCode, 200, 'and may be taken away')
  await refused(t, clerk, [['PUT', `/users/${id}/roles`, roles(false)]])
})

t.test('a permission that a role permits does not make who has all of them an administrator', async t => {
  const everything = ['users.create', 'users.read', 'users.update', 'users.delete', 'roles.manage', 'outlets.manage', 'sessions.manage', 'audit.read', 'reports.read']
  const person = await personWho(kunci, 'everything', ...everything)
  await refused(t, person, [
    ['PUT', `/users/${person.id}/roles`, { roles: [{ role_id: admin }] }],
    ['POST', '/users', { email: 'new@example.com', role_id: admin }],
    ['POST', '/invitations', { email: 'new@example.com', role_id: admin }],
    ['POST', `/users/${root.id}/disable`],
    ['DELETE', `/users/${root.id}`],
    ['PATCH', `/roles/${admin}`, { permissions: [] }],
    ['PATCH', `/roles/${admin}`, { name: 'owner' }],
    ['DELETE', `/roles/${admin}`]
  ])
})

t.test('who manages roles adds no permission that they lack, and makes no role with one for anybody to choose', async t => {
  const editor = await personWho(kunci, 'editor', 'roles.manage')
  const own = await roleNamed(kunci, 'role of editor')
  const nothing = await makeRole(kunci, 'nothing', [])
  await refused(t, editor, [
    ...[own, nothing, user].map(role => ['PATCH', `/roles/${role}`, { permissions: ['users.read'] }] as const),
    ['PATCH', `/roles/${own}`, { permissions: ['roles.manage', 'reports.read'] }],
    ['PATCH', `/roles/${auditor}`, { permissions: ['audit.read', 'users.read'] }],
    ['PATCH', `/roles/${auditor}`, { self_assignable: true }],
    ['POST', '/roles', { name: 'mine', permissions: ['users.read'] }],
    ['POST', '/roles', { name: 'mine', permissions: ['roles.manage', 'reports.read'], self_assignable: true }]
  ])
  t.equal((await editor.ask('PATCH', `/roles/${nothing}`, { permissions: ['roles.manage'] })).statusCode, 200)
  t.equal((await editor.ask('PATCH', `/roles/${nothing}`, { permissions: [] })).statusCode, 200)
})

t.test('a role with permissions that they lack is not theirs to rename, to cut down or to delete: gateways know roles by name', async t => {
  const editor = await personWho(kunci, 'renamer', 'roles.manage')
  await refused(t, editor, [
    ['PATCH', `/roles/${auditor}`, { name: 'former auditor' }],
    ['PATCH', `/roles/${auditor}`, { permissions: [] }],
    ['PATCH', `/roles/${admin}`, { name: 'former admin' }],
    ['DELETE', `/roles/${await makeRole(kunci, 'unused', ['audit.read'])}`]
  ])
})

t.test("an administrators' role is never for anybody to choose and never goes, whoever asks", async t => {
  const spare = await makeRole(kunci, 'spare administrators', [], { isAdmin: true })
  const before = await state(kunci)
  for (const [method, payload] of [['PATCH', { self_assignable: true }], ['DELETE', undefined]] as const) {
    t.strictSame(failed(await root.ask(method, `/roles/${spare}`, payload)), { status: 409, body: { status: 409, message: "An administrators' role must stay, and not be self-assignable" } }, method)
  }
  t.strictSame(await state(kunci), before)
})
