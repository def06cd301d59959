import { randomUUID } from 'node:crypto'
import t from 'tap'
import { bearer } from '../helper.js'
import { choices, login, registerVerified } from '../outlet/client.js'
import { administered, lastEvent, roleNamed, signedIn } from './client.js'

const { kunci, root } = await administered(t)
const { app, clock, sql } = kunci
const { outlet, user } = await choices(kunci)
const volunteer = await roleNamed(kunci, 'volunteer')
await registerVerified(kunci)
const siti = await signedIn(kunci, 'siti@example.com')

type Act = [method: Parameters<typeof root.ask>[0], path: string, payload: object | undefined, type: string, about: string | null, details: object | null]

/** Asks as an administrator at some place. */
async function act (method: Act[0], path: string, payload: object | undefined) {
  return await app.inject({ method, url: `/admin${path}`, headers: { ...bearer(root.accessToken), 'user-agent': 'console/1' }, remoteAddress: '203.0.113.7', ...payload === undefined ? {} : { payload } })
}

async function isRecorded (t: Parameters<typeof administered>[0], [method, path, payload, type, about, details]: Act) {
  clock.advance(1)
  const response = await act(method, path, payload)
  t.ok(response.statusCode < 300, `${method} ${path} ${response.body}`)
  const written = await sql`select type from audit_events where created_at = ${clock.now} and type <> 'session.revoked'`
  t.same(written, [{ type }], `${method} ${path} is one event`)
  const expected = { type, user_id: about, actor_id: root.id, contract: null, reason: null, details, ip: '203.0.113.7', user_agent: 'console/1', created_at: clock.now }
  t.same(await lastEvent(kunci, type), expected)
  return response.json().data
}

t.test('each act on an account is an event that names who did it, to whom, what and from where', async t => {
  const acts: Act[] = [
    ['PATCH', `/users/${siti.id}`, { phone: '081234567890', outlet_id: null }, 'account.changed', siti.id, { fields: ['phone', 'outletId'] }],
    ['PUT', `/users/${siti.id}/roles`, { roles: [{ role_id: user, status: false }, { role_id: volunteer, primary: true }] }, 'account.roles_changed', siti.id, { roles: [{ name: 'user', isActive: false, isPrimary: false }, { name: 'volunteer', isActive: true, isPrimary: true }] }],
    ['POST', `/users/${siti.id}/reset`, {}, 'account.reset_sent', siti.id, null],
    ['DELETE', `/users/${siti.id}/sessions`, undefined, 'account.sessions_ended', siti.id, { ended: 1 }],
    ['POST', `/users/${siti.id}/disable`, undefined, 'account.disabled', siti.id, null],
    ['POST', `/users/${siti.id}/enable`, undefined, 'account.enabled', siti.id, null]
  ]
  for (const one of acts) await isRecorded(t, one)
  await sql`update users set email_verified_at = null where id = ${siti.id}`
  await isRecorded(t, ['POST', `/users/${siti.id}/verification`, undefined, 'account.verification_sent', siti.id, null])
  await isRecorded(t, ['DELETE', `/users/${siti.id}`, undefined, 'account.deleted', siti.id, null])
})

t.test('what makes something is one too', async t => {
  clock.advance(1)
  const account = (await act('POST', '/users', { email: 'budi@example.com', role_id: user })).json().data
  t.same(await lastEvent(kunci), { type: 'account.created', user_id: account.id, actor_id: root.id, contract: null, reason: null, details: null, ip: '203.0.113.7', user_agent: 'console/1', created_at: clock.now })
  clock.advance(1)
  const invitation = (await act('POST', '/invitations', { email: 'guest@example.com', outlet_id: outlet, role_id: volunteer })).json().data
  const [row] = await sql<Array<{ account_id: string }>>`select account_id from invitations where id = ${invitation.id}`
  const about = row?.account_id ?? ''
  t.same(await lastEvent(kunci), { type: 'account.invited', user_id: about, actor_id: root.id, contract: null, reason: null, details: { email: 'guest@example.com', role: 'volunteer', outletId: outlet }, ip: '203.0.113.7', user_agent: 'console/1', created_at: clock.now })
  await isRecorded(t, ['DELETE', `/invitations/${invitation.id}`, undefined, 'invitation.withdrawn', about, null])
})

t.test('so are acts on roles and outlets', async t => {
  clock.advance(1)
  const role = (await act('POST', '/roles', { name: 'editor', permissions: ['reports.read'] })).json().data
  t.match(await lastEvent(kunci), { type: 'role.created', user_id: null, actor_id: root.id, details: { id: role.id, name: 'editor', permissions: ['reports.read'], selfAssignable: false }, ip: '203.0.113.7' })
  await isRecorded(t, ['PATCH', `/roles/${role.id}`, { name: 'Editor', permissions: [] }, 'role.changed', null, { id: role.id, name: 'Editor', permissions: [], selfAssignable: false }])
  await isRecorded(t, ['DELETE', `/roles/${role.id}`, undefined, 'role.deleted', null, { id: role.id, name: 'Editor' }])
  clock.advance(1)
  const made = (await act('POST', '/outlets', { name: 'Second' })).json().data
  t.match(await lastEvent(kunci), { type: 'outlet.created', user_id: null, actor_id: root.id, details: { id: made.id, name: 'Second', registration: 'open' }, ip: '203.0.113.7' })
  await isRecorded(t, ['PATCH', `/outlets/${made.id}`, { registration: 'closed' }, 'outlet.changed', null, { id: made.id, name: 'Second', registration: 'closed' }])
})

t.test('what changed nothing is none: a second disabling, a mail that was not sent', async t => {
  await registerVerified(kunci, 'quiet@example.com', 'quiet')
  const { id } = await signedIn(kunci, 'quiet@example.com')
  await act('POST', `/users/${id}/disable`, {})
  const events = async () => Number((await sql`select count(*)::int as count from audit_events`)[0]?.['count'])
  const before = await events()
  t.strictSame((await act('POST', `/users/${id}/reset`, {})).json().data, { sent: false }, 'it is disabled')
  await act('POST', `/users/${id}/disable`, {})
  t.equal(await events(), before)
  await act('POST', `/users/${id}/enable`, {})
  t.strictSame((await act('POST', `/users/${id}/verification`, {})).json().data, { sent: false }, 'it is verified')
  t.equal(await events(), before + 1)
  for (let count = 0; count < 5; count++) {
    t.strictSame((await act('POST', `/users/${id}/reset`, {})).json().data, { sent: true })
    // One that a newer one overtakes before it is sent does not count.
    await kunci.app.mailer.deliverDue()
  }
  t.strictSame((await act('POST', `/users/${id}/reset`, {})).json().data, { sent: false }, 'it had five within the hour')
  t.equal(await events(), before + 6)
})

t.test('events are listed by account, type and time, the latest first', async t => {
  await registerVerified(kunci, 'listed@example.com', 'listed')
  clock.advance(1)
  const from = clock.now
  const listed = await signedIn(kunci, 'listed@example.com')
  clock.advance(1)
  await login(kunci, 'listed@example.com', 'Salah-sekali-1').catch(() => {})
  clock.advance(1)
  const to = clock.now
  await act('POST', `/users/${listed.id}/disable`, {})

  const rows = await sql<Array<{ id: string, type: string, session_id: string | null }>>`select id, type, session_id from audit_events where user_id = ${listed.id} and created_at >= ${from} order by number desc`
  const idOf = (type: string) => rows.find(row => row.type === type)?.id
  const session = rows.find(row => row.type === 'session.started')?.session_id
  const common = { contract: null, userId: listed.id, sessionId: null, actorId: null, reason: null, tokenKind: null, details: null, ip: '127.0.0.1', userAgent: 'lightMyRequest' }
  const started = { ...common, id: idOf('session.started'), type: 'session.started', contract: 'outlet', sessionId: session, createdAt: from.toISOString() }
  const refused = { ...common, id: idOf('login.failed'), type: 'login.failed', contract: 'outlet', reason: 'wrong password', createdAt: new Date(from.getTime() + 1000).toISOString() }
  const byRoot = { ip: '203.0.113.7', userAgent: 'console/1', createdAt: to.toISOString() }
  const revoked = { ...common, ...byRoot, id: idOf('session.revoked'), type: 'session.revoked', contract: 'outlet', sessionId: session, reason: 'disabled' }
  const disabled = { ...common, ...byRoot, id: idOf('account.disabled'), type: 'account.disabled', actorId: root.id }

  const list = async (query: string) => {
    const response = await root.ask('GET', `/events?${query}`)
    t.equal(response.statusCode, 200)
    const { data, ...rest } = response.json()
    t.strictSame(rest, { status: 200, message: 'Get events success', next: null })
    return data
  }
  const [a, b] = [from.toISOString(), to.toISOString()]
  for (const about of [`user_id=${listed.id}&`, '']) {
    t.strictSame(await list(`${about}from=${a}`), [disabled, revoked, refused, started])
    t.strictSame(await list(`${about}from=${a}&to=${b}`), [refused, started], 'from is within, to is not')
    t.strictSame(await list(`${about}type=login.failed&from=${a}`), [refused])
    t.strictSame(await list(`${about}type=login.failed&to=${a}`), [])
    t.strictSame(await list(`${about}type=nothing.such`), [])
  }
  t.strictSame(await list(`user_id=${listed.id.toUpperCase()}&type=session.started`), [started])
  t.strictSame(await list(`user_id=${randomUUID()}`), [])
  t.strictSame(await list(`from=${encodeURIComponent(from.toISOString().replace('Z', '+00:00'))}&type=session.started`), [started])
})
