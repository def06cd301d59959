import { readFile } from 'node:fs/promises'
import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { type Permission, permissions } from '../../src/domain/administration/standing.js'
import { bearer } from '../helper.js'
import { profile, registerVerified } from '../outlet/client.js'
import { administered, makeRole, type Method, type Person, personWho, roleNamed, signedIn, state } from './client.js'

const { kunci, root } = await administered(t)
await registerVerified(kunci)
const siti = await signedIn(kunci, 'siti@example.com')
const user = await roleNamed(kunci, 'user')

let made = 0

/** What an act may be about: nothing of it may do anything. */
async function things () {
  const number = ++made
  const account = (await root.ask('POST', '/users', { email: `target${number}@example.com`, role_id: user })).json().data.id as string
  const outlet = (await root.ask('POST', '/outlets', { name: `Outlet ${number}` })).json().data.id as string
  const invitation = (await root.ask('POST', '/invitations', { email: `guest${number}@example.com`, role_id: user })).json().data.id as string
  const role = await makeRole(kunci, `nothing ${number}`, [])
  await signedIn(kunci, siti.email)
  const [session] = await kunci.sql<Array<{ id: string }>>`select id from sessions where user_id = ${siti.id} and revoked_at is null order by id desc limit 1`
  return { number, account, outlet, invitation, role, session: session?.id ?? '' }
}

type Things = Awaited<ReturnType<typeof things>>

interface Endpoint {
  method: Method
  path: (about: Things) => string
  body?: (about: Things) => object
  /** each of them is enough */
  permissions: Permission[]
  status?: 201
}

const endpoints: Record<string, Endpoint> = {
  'list users': { method: 'GET', path: () => '/users', permissions: ['users.read'] },
  'search users': { method: 'GET', path: () => '/users?search=siti', permissions: ['users.read'] },
  'read a user': { method: 'GET', path: ({ account }) => `/users/${account}`, permissions: ['users.read'] },
  'create a user': { method: 'POST', path: () => '/users', body: ({ number }) => ({ email: `new${number}@example.com`, role_id: user }), permissions: ['users.create'], status: 201 },
  'change a user': { method: 'PATCH', path: ({ account }) => `/users/${account}`, body: () => ({ name: 'Siti' }), permissions: ['users.update'] },
  'change roles': { method: 'PUT', path: ({ account }) => `/users/${account}/roles`, body: ({ role }) => ({ roles: [{ role_id: role }] }), permissions: ['users.update'] },
  'disable a user': { method: 'POST', path: ({ account }) => `/users/${account}/disable`, permissions: ['users.update'] },
  'enable a user': { method: 'POST', path: ({ account }) => `/users/${account}/enable`, permissions: ['users.update'] },
  'send a verification': { method: 'POST', path: ({ account }) => `/users/${account}/verification`, permissions: ['users.update'] },
  'send a reset': { method: 'POST', path: ({ account }) => `/users/${account}/reset`, permissions: ['users.update'] },
  'delete a user': { method: 'DELETE', path: ({ account }) => `/users/${account}`, permissions: ['users.delete'] },
  'list sessions': { method: 'GET', path: () => '/sessions', permissions: ['sessions.manage'] },
  "list a user's sessions": { method: 'GET', path: () => `/sessions?user_id=${siti.id}`, permissions: ['sessions.manage'] },
  'end a session': { method: 'DELETE', path: ({ session }) => `/users/${siti.id}/sessions/${session}`, permissions: ['sessions.manage'] },
  'end all sessions': { method: 'DELETE', path: () => `/users/${siti.id}/sessions`, permissions: ['sessions.manage'] },
  'list roles': { method: 'GET', path: () => '/roles', permissions: ['roles.manage', 'users.read'] },
  'create a role': { method: 'POST', path: () => '/roles', body: ({ number }) => ({ name: `new role ${number}` }), permissions: ['roles.manage'], status: 201 },
  'change a role': { method: 'PATCH', path: ({ role }) => `/roles/${role}`, body: ({ number }) => ({ name: `renamed ${number}`, permissions: [], self_assignable: true }), permissions: ['roles.manage'] },
  'delete a role': { method: 'DELETE', path: ({ role }) => `/roles/${role}`, permissions: ['roles.manage'] },
  'list outlets': { method: 'GET', path: () => '/outlets', permissions: ['outlets.manage', 'users.read'] },
  'create an outlet': { method: 'POST', path: () => '/outlets', body: ({ number }) => ({ name: `New Outlet ${number}` }), permissions: ['outlets.manage'], status: 201 },
  'change an outlet': { method: 'PATCH', path: ({ outlet }) => `/outlets/${outlet}`, body: () => ({ registration: 'closed' }), permissions: ['outlets.manage'] },
  'list events': { method: 'GET', path: () => '/events', permissions: ['audit.read'] },
  'list invitations': { method: 'GET', path: () => '/invitations', permissions: ['users.create'] },
  invite: { method: 'POST', path: () => '/invitations', body: ({ number }) => ({ email: `invited${number}@example.com`, role_id: user }), permissions: ['users.create'], status: 201 },
  'withdraw an invitation': { method: 'DELETE', path: ({ invitation }) => `/invitations/${invitation}`, permissions: ['users.create'] }
}

async function send ({ method, path, body }: Endpoint, about: Things, { ask }: Person): Promise<LightMyRequestResponse> {
  return await ask(method, path(about), body?.(about))
}

const FORBIDDEN = { status: 403, message: 'Forbidden' }
const only = Object.fromEntries(await Promise.all(permissions.map(async permission => [permission, await personWho(kunci, `only-${permission}`, permission)]))) as Record<Permission, Person>
const lacking: Record<string, Person> = {}

async function personWithout (needless: readonly Permission[]): Promise<Person> {
  const name = needless.join('-')
  const others = permissions.filter(permission => !needless.includes(permission))
  lacking[name] ??= await personWho(kunci, `without-${name}`, ...others, 'reports.read')
  return lacking[name]
}

/** What stands in a path where a thing does. */
const example = { number: 0, account: '{id}', outlet: '{id}', invitation: '{id}', role: '{id}', session: '{sessionId}' }

t.test('every endpoint of administration is among them', async t => {
  const { paths } = (await kunci.app.inject('/docs/admin/json')).json<{ paths: Record<string, object> }>()
  const served = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`))
  const known = Object.values(endpoints).map(({ method, path }) => `${method} /admin${path(example).replace(siti.id, '{id}').replace(/\?.*/, '')}`)
  t.strictSame([...new Set(known)].sort(), served.sort())
  t.strictSame([...new Set(Object.values(endpoints).flatMap(endpoint => endpoint.permissions))].sort(), [...permissions].sort(), 'and every permission is one of an endpoint')
})

t.test('docs/administration.md names every endpoint with its permission, and every permission', async t => {
  const page = await readFile('docs/administration.md', 'utf8')
  const rows = [...page.matchAll(/^\| `([A-Z]+) (\/.*?)` \| `(.*?)` \|/gm)].map(([, method = '', path = '', needed = '']) => `${method} ${path} ${needed.split('` or `').join(' or ')}`)
  const known = Object.values(endpoints).map(({ method, path, permissions }) => `${method} ${path(example).replace(siti.id, '{id}').replace(/\?.*/, '')} ${permissions.join(' or ')}`)
  t.strictSame(rows.sort(), [...new Set(known)].sort())
  t.strictSame([...page.matchAll(/^\| `([a-z]+\.[a-z]+)` \|/gm)].map(([, permission]) => permission).sort(), [...permissions].sort())
})

for (const [name, endpoint] of Object.entries(endpoints)) {
  t.test(`to ${name} takes ${endpoint.permissions.join(' or ')}: with all others it is refused, and nothing changes`, async t => {
    const person = await personWithout(endpoint.permissions)
    const about = await things()
    const before = await state(kunci)
    const response = await send(endpoint, about, person)
    t.equal(response.statusCode, 403)
    t.strictSame(response.json(), FORBIDDEN)
    t.strictSame(await state(kunci), before)
  })

  for (const permission of endpoint.permissions) {
    t.test(`to ${name} takes no more than ${permission}`, async t => {
      const response = await send(endpoint, await things(), only[permission])
      t.equal(response.statusCode, endpoint.status ?? 200, response.body)
    })
  }
}

t.test('without any permission, without a token or with that of another contract nobody does anything', async t => {
  const about = await things()
  const nobody = await signedIn(kunci, siti.email)
  const before = await state(kunci)
  for (const [name, endpoint] of Object.entries(endpoints)) {
    t.strictSame((await send(endpoint, about, nobody)).json(), FORBIDDEN, name)
    const url = `/admin${endpoint.path(about)}`
    const without = await kunci.app.inject({ method: endpoint.method, url, ...endpoint.body === undefined ? {} : { payload: endpoint.body(about) } })
    t.equal(without.statusCode, 401)
    t.strictSame(without.json(), { status: 401, message: 'Access token required' }, name)
    const forged = await kunci.app.inject({ method: endpoint.method, url, headers: bearer(`${root.accessToken}x`) })
    t.equal(forged.statusCode, 401)
    t.strictSame(forged.json(), { status: 401, message: 'Invalid or expired token' }, name)
  }
  t.strictSame(await state(kunci), before)
})

t.test('a permission is looked up in the database, not believed of the token', async t => {
  const person = await personWho(kunci, 'reader', 'users.read')
  // As if the news of it were still on their way.
  await kunci.sql`alter table roles disable trigger changed`
  await kunci.sql`update roles set permissions = '{}' where name = 'role of reader'`
  await kunci.sql`alter table roles enable trigger changed`
  t.equal((await profile(kunci, person.accessToken)).statusCode, 200)
  t.strictSame((await person.ask('GET', '/users')).json(), FORBIDDEN)
})
