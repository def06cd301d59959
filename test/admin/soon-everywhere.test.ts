import t, { type Test } from 'tap'
import { bearer, build } from '../helper.js'
import { profile, refresh, refusedSoon, registerVerified } from '../outlet/client.js'
import { administered, askAs, makeRole, personWith, roleNamed, signedIn } from './client.js'

const { kunci: one, root } = await administered(t)
const other = await build(t, {}, one)
const volunteer = await roleNamed(one, 'volunteer')
let people = 0

/** Somebody who is administered at the one instance and asks at both, in a role of their own. */
async function somebody (t: Test) {
  const number = ++people
  const role = await makeRole(one, `role ${number}`, [])
  const siti = await personWith(one, `siti${number}`, role)
  t.equal((await profile(other, siti.accessToken)).statusCode, 200)
  return { siti, role, anOutlet: async () => (await root.ask('POST', '/outlets', { name: `Outlet ${number}` })).json().data.id }
}

type Somebody = Awaited<ReturnType<typeof somebody>>

function claimsOf (access: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(access.split('.')[1] ?? '', 'base64url').toString())
}

/** What makes access tokens void, and the status of a refresh afterwards. */
const acts: Record<string, { act: (about: Somebody) => Promise<{ statusCode: number }>, refresh: number }> = {
  'an account that is disabled': { act: async ({ siti }) => await root.ask('POST', `/users/${siti.id}/disable`), refresh: 401 },
  'an account that is deleted': { act: async ({ siti }) => await root.ask('DELETE', `/users/${siti.id}`), refresh: 401 },
  'all sessions ended': { act: async ({ siti }) => await root.ask('DELETE', `/users/${siti.id}/sessions`), refresh: 401 },
  'one session ended': { act: async ({ siti }) => await root.ask('DELETE', `/users/${siti.id}/sessions/${String(claimsOf(siti.accessToken)['sid'])}`), refresh: 401 },
  'other roles': { act: async ({ siti }) => await root.ask('PUT', `/users/${siti.id}/roles`, { roles: [{ role_id: volunteer }] }), refresh: 200 },
  'a further role': { act: async ({ siti, role }) => await root.ask('PUT', `/users/${siti.id}/roles`, { roles: [{ role_id: role, primary: true }, { role_id: volunteer }] }), refresh: 200 },
  'other permissions of the role': { act: async ({ role }) => await root.ask('PATCH', `/roles/${role}`, { permissions: ['reports.read'] }), refresh: 200 },
  'another name of the role': { act: async ({ role }) => await root.ask('PATCH', `/roles/${role}`, { name: `${role.slice(0, 8)} renamed` }), refresh: 200 },
  'another outlet': { act: async ({ siti, anOutlet }) => await root.ask('PATCH', `/users/${siti.id}`, { outlet_id: await anOutlet() }), refresh: 200 },
  'no outlet any more': { act: async ({ siti }) => await root.ask('PATCH', `/users/${siti.id}`, { outlet_id: null }), refresh: 200 }
}

for (const [what, { act, refresh: status }] of Object.entries(acts)) {
  t.test(`${what} holds at once where it was done, and soon on another instance`, async t => {
    const about = await somebody(t)
    const { accessToken, cookie } = about.siti
    t.equal((await act(about)).statusCode, 200)
    t.equal((await profile(one, accessToken)).statusCode, 401)
    t.ok(await refusedSoon(other, accessToken))
    const refreshed = await refresh(other, cookie)
    t.equal(refreshed.statusCode, status)
    if (status === 200) t.equal((await profile(one, refreshed.json().access_token)).statusCode, 200)
  })
}

t.test('where it was done it holds without waiting for news of it', async t => {
  for (const [what, { act }] of Object.entries(acts)) {
    const about = await somebody(t)
    await one.sql`alter table revocations disable trigger announce`
    t.equal((await act(about)).statusCode, 200)
    t.equal((await profile(one, about.siti.accessToken)).statusCode, 401, what)
    await one.sql`alter table revocations enable trigger announce`
  }
})

t.test('the new access token says what was changed', async t => {
  const { siti, role, anOutlet } = await somebody(t)
  const second = await anOutlet()
  await root.ask('PATCH', `/roles/${role}`, { name: 'auditor', permissions: ['reports.read'] })
  await root.ask('PATCH', `/users/${siti.id}`, { outlet_id: second })
  const { roles, permissions, outlet } = claimsOf((await refresh(one, siti.cookie)).json().access_token)
  t.strictSame({ roles, permissions, outlet }, { roles: ['auditor'], permissions: ['reports.read'], outlet: second })
})

t.test('what a token does not tell of changes without ending it', async t => {
  const { siti, role } = await somebody(t)
  const [account] = await one.sql<Array<{ outlet_id: string }>>`select outlet_id from users where id = ${siti.id}`
  const acts = [
    await root.ask('PATCH', `/users/${siti.id}`, { username: 'siti.r', name: 'Siti', outlet_id: account?.outlet_id }),
    await root.ask('PUT', `/users/${siti.id}/roles`, { roles: [{ role_id: role, status: true, primary: true }] }),
    await root.ask('PATCH', `/roles/${role}`, { self_assignable: true, permissions: [] }),
    await root.ask('POST', `/users/${siti.id}/enable`)
  ]
  for (const { statusCode } of acts) t.equal(statusCode, 200)
  t.equal((await profile(one, siti.accessToken)).statusCode, 200)
})

t.test('who is enabled again gets no session and no token back', async t => {
  const { siti } = await somebody(t)
  await root.ask('POST', `/users/${siti.id}/disable`)
  await root.ask('POST', `/users/${siti.id}/enable`)
  t.equal((await profile(one, siti.accessToken)).statusCode, 401)
  t.equal((await refresh(one, siti.cookie)).statusCode, 401)
  const again = await signedIn(one, siti.email)
  t.equal((await profile(one, again.accessToken)).statusCode, 200)
})

t.test('a permission that was given or taken holds for administration at once, on every instance', async t => {
  const { siti, role } = await somebody(t)
  await root.ask('PATCH', `/roles/${role}`, { permissions: ['users.read'] })
  const { access_token: access } = (await refresh(one, siti.cookie)).json()
  t.equal((await askAs(other, access)('GET', '/users')).statusCode, 200)
  await root.ask('PATCH', `/roles/${role}`, { permissions: [] })
  t.equal((await askAs(one, access)('GET', '/users')).statusCode, 401)
  t.ok([401, 403].includes((await askAs(other, access)('GET', '/users')).statusCode), 'whether or not it has heard that the token is void')
})

t.test('a token of a contract that cannot refresh goes on, and gateways are told what its account is now', async t => {
  const kunci = await build(t, { CONTRACTS: '', ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'SecurePassword123!' })
  const root = await signedIn(kunci, 'admin@example.com', 'SecurePassword123!')
  await registerVerified(kunci)
  const { token } = (await kunci.app.inject({ method: 'POST', url: '/donation/auth/login', payload: { email: 'siti@example.com', password: 'Password123!' } })).json().data
  const { id } = await signedIn(kunci, 'siti@example.com')
  const second = (await root.ask('POST', '/outlets', { name: 'Second' })).json().data.id
  for (const [outletId, told] of [[second, second], [null, '']]) {
    await root.ask('PATCH', `/users/${id}`, { outlet_id: outletId })
    const verified = await kunci.app.inject({ url: '/gateway/verify', headers: bearer(token) })
    t.equal(verified.statusCode, 200)
    t.equal(verified.headers['x-auth-outlet'], told)
  }
})
