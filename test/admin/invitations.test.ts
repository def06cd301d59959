import { randomUUID } from 'node:crypto'
import t from 'tap'
import { failed } from '../contracts/failures.js'
import { mailedToken, readMails } from '../helper.js'
import { choices, login, PASSWORD, profile, register } from '../outlet/client.js'
import { administered, lastEvent, makeRole, state } from './client.js'

const { kunci, root } = await administered(t)
const { app, clock, sql } = kunci
const { outlet, user } = await choices(kunci)
const cashier = await makeRole(kunci, 'cashier', ['till.open'])
const DAY = 24 * 3600
const SPENT = { status: 400, body: { status: 400, message: 'Invalid invitation token' } }

async function invite (email: string, fields: object = {}) {
  return await root.ask('POST', '/invitations', { email, outlet_id: outlet, role_id: cashier, ...fields })
}

/** Invites an address, and reads the mail's token. */
async function tokenFor (email: string, fields: object = {}): Promise<string> {
  clock.advance(1)
  const response = await invite(email, fields)
  t.equal(response.statusCode, 201)
  return await mailedToken(kunci, email)
}

async function accept (token: string, username: string, fields: object = {}) {
  return await app.inject({ method: 'POST', url: '/auth/register/invitation', payload: { token, username, password: PASSWORD, confirmPassword: PASSWORD, ...fields } })
}

t.test('who is invited registers by the mailed link, at the outlet and in the role of the invitation, and signs in', async t => {
  const response = await invite('  Rina@Example.com')
  t.equal(response.statusCode, 201)
  const [row] = await sql<Array<{ id: string, account_id: string }>>`select id, account_id from invitations`
  const invitation = { id: row?.id, email: 'rina@example.com', outletId: outlet, roleId: cashier, invitedBy: root.id, createdAt: clock.now.toISOString(), expiresAt: new Date(clock.now.getTime() + 7 * DAY * 1000).toISOString() }
  t.strictSame(response.json(), { status: 201, message: 'Invitation sent', data: invitation })
  const listed = await root.ask('GET', '/invitations')
  t.equal(listed.statusCode, 200)
  t.strictSame(listed.json(), { status: 200, message: 'Get invitations success', data: [invitation], next: null })

  const [mail, ...others] = (await readMails(kunci)).filter(mail => mail.to === 'rina@example.com')
  t.equal(others.length, 0)
  t.equal(mail?.subject, 'You are invited to register')
  t.match(mail?.text, `http://auth.test/accept-invitation?token=${mail?.token ?? ''}`)
  t.strictSame(await sql`select id from users where email = 'rina@example.com'`.then(rows => rows.length), 0, 'there is no account yet')

  const accepted = await accept(mail?.token ?? '', 'rina', { name: 'Rina Lestari' })
  t.equal(accepted.statusCode, 200)
  t.strictSame(accepted.json(), { status: 200, message: 'register user succes' })
  t.match(await lastEvent(kunci), { type: 'account.registered', user_id: row?.account_id, actor_id: null, contract: 'outlet', reason: 'invitation' })
  const { accessToken } = await login(kunci, 'rina@example.com')
  const at = clock.now.toISOString()
  t.strictSame((await profile(kunci, accessToken)).json().data, {
    id: row?.account_id,
    email: 'rina@example.com',
    username: 'rina',
    isConfirmed: true,
    outlet: { id: outlet, name: 'Main Outlet' },
    role: { id: cashier, name: 'cashier', isAdmin: false },
    createdAt: at,
    updatedAt: at
  })
  t.equal((await root.ask('GET', `/users/${row?.account_id ?? ''}`)).json().data.name, 'Rina Lestari')
  t.strictSame((await root.ask('GET', '/invitations')).json().data, [], 'one that was used is listed no more')
})

t.test('a role that is not for anybody to choose takes an invitation', async t => {
  t.equal((await register(kunci, { role_id: cashier })).statusCode, 403)
  t.equal((await accept(await tokenFor('chosen@example.com'), 'chosen')).statusCode, 200)
})

t.test('an invitation needs no outlet', async t => {
  const response = await root.ask('POST', '/invitations', { email: 'nowhere@example.com', role_id: user })
  t.equal(response.json().data.outletId, null)
  t.equal((await accept(await mailedToken(kunci, 'nowhere@example.com'), 'nowhere')).statusCode, 200)
  const { accessToken } = await login(kunci, 'nowhere@example.com')
  t.equal((await profile(kunci, accessToken)).json().data.outlet, null)
})

t.test('a token is good once', async t => {
  const token = await tokenFor('once@example.com')
  t.equal((await accept(token, 'once')).statusCode, 200)
  const before = await state(kunci)
  t.strictSame(failed(await accept(token, 'twice')), SPENT)
  t.strictSame(await state(kunci), before)
})

t.test('a token is good for 7 days', async t => {
  const begun = clock.now
  for (const [email, seconds, status] of [['early@example.com', 7 * DAY - 1, 200], ['late@example.com', 7 * DAY, 400], ['later@example.com', 8 * DAY, 400]] as const) {
    const token = await tokenFor(email)
    clock.advance(seconds)
    const response = await accept(token, email.split('@')[0] ?? '')
    t.equal(response.statusCode, status, email)
    if (status === 400) t.strictSame(failed(response), SPENT)
    clock.now = begun
  }
  clock.advance(8 * DAY)
  const { accessToken } = await login(kunci, 'admin@example.com', 'SecurePassword123!')
  const listed = await app.inject({ url: '/admin/invitations', headers: { authorization: `Bearer ${accessToken}` } })
  t.strictSame(listed.json().data, [], 'one that is over is listed no more')
  clock.now = begun
})

t.test('one that was withdrawn is good no more', async t => {
  const token = await tokenFor('withdrawn@example.com')
  const invitation = (await root.ask('GET', '/invitations')).json().data.find((one: { email: string }) => one.email === 'withdrawn@example.com')
  const response = await root.ask('DELETE', `/invitations/${invitation.id}`)
  t.equal(response.statusCode, 200)
  t.strictSame(response.json(), { status: 200, message: 'Invitation withdrawn' })
  t.strictSame(failed(await accept(token, 'withdrawn')), SPENT)
  const notFound = { status: 404, body: { status: 404, message: 'Invitation not found' } }
  for (const id of [invitation.id, randomUUID()]) t.strictSame(failed(await root.ask('DELETE', `/invitations/${id}`)), notFound)
})

t.test('a withdrawn invitation whose mail was not sent yet is not sent', async t => {
  clock.advance(1)
  const { id } = (await invite('unsent@example.com')).json().data
  await root.ask('DELETE', `/invitations/${id}`)
  t.equal(await mailedToken(kunci, 'unsent@example.com'), '')
})

t.test('a later invitation takes the place of the one before', async t => {
  const older = await tokenFor('again@example.com', { role_id: user })
  const newer = await tokenFor('again@example.com')
  const pending = (await root.ask('GET', '/invitations')).json().data.filter((one: { email: string }) => one.email === 'again@example.com')
  t.equal(pending.length, 1)
  t.strictSame(failed(await accept(older, 'again')), SPENT)
  t.equal((await accept(newer, 'again')).statusCode, 200)
  const { accessToken } = await login(kunci, 'again@example.com')
  t.equal((await profile(kunci, accessToken)).json().data.role.name, 'cashier')
})

t.test('an address that has an account is not invited, and one that got one meanwhile keeps it', async t => {
  const taken = { status: 409, body: { status: 409, message: 'User with this email already exists' } }
  t.strictSame(failed(await invite('ADMIN@example.com')), taken)
  const token = await tokenFor('meanwhile@example.com')
  t.equal((await register(kunci, { email: 'meanwhile@example.com', username: 'meanwhile' })).statusCode, 200)
  const before = await state(kunci)
  t.strictSame(failed(await accept(token, 'accepted')), taken)
  t.strictSame(await state(kunci), before)
})

t.test('what is wrong with an acceptance is named, and spends nothing', async t => {
  const token = await tokenFor('careful@example.com')
  const invalid = (...errors: string[]) => ({ status: 400, body: { status: 400, message: 'Validation failed', errors } })
  const before = await state(kunci)
  for (const [fields, expected] of [
    [{ confirmPassword: 'Password123?' }, invalid('confirmPassword must match password')],
    [{ password: 'short', confirmPassword: 'short' }, invalid('password must be at least 8 characters', 'password must contain a digit', 'password must contain a symbol')],
    [{ username: 'x' }, invalid('username must be 3 to 50 letters, digits, dots, underscores, hyphens or single inner spaces')],
    [{ username: 'ADMIN' }, { status: 409, body: { status: 409, message: 'User with this username already exists' } }],
    [{ email: 'other@example.com' }, invalid('email is not allowed')],
    [{ role_id: user, outlet_id: outlet }, invalid('role_id is not allowed', 'outlet_id is not allowed')],
    [{ isAdmin: true }, invalid('isAdmin is not allowed')],
    [{ token: `${token}x` }, SPENT],
    [{ token: 'x' }, SPENT]
  ] as const) {
    t.strictSame(failed(await accept(token, 'careful', fields)), expected, JSON.stringify(fields))
  }
  t.strictSame(await state(kunci), before)
  t.equal((await accept(token, 'careful')).statusCode, 200)
})

t.test('what an invitation names must exist', async t => {
  const before = await state(kunci)
  for (const [fields, message] of [[{ outlet_id: randomUUID() }, 'Outlet not found'], [{ role_id: randomUUID() }, 'Role not found']] as const) {
    t.strictSame(failed(await invite('guest@example.com', fields)), { status: 404, body: { status: 404, message } })
  }
  t.strictSame(await state(kunci), before)
})

t.test('at an outlet that takes registrations by invitation, or none, only who is invited registers', async t => {
  for (const [registration, message] of [['invitation', 'Registration at this outlet takes an invitation'], ['closed', 'Registration at this outlet is closed']] as const) {
    const { id } = (await root.ask('POST', '/outlets', { name: `Outlet: ${registration}`, registration })).json().data
    const offered = (await app.inject('/auth/outlets')).json().data
    t.strictSame(offered, [{ id: outlet, name: 'Main Outlet' }], 'it is not offered')
    const before = await state(kunci)
    t.strictSame(failed(await register(kunci, { email: `${registration}@example.com`, username: registration, outlet_id: id })), { status: 403, body: { status: 403, message } })
    t.strictSame(await state(kunci), before)
    t.equal((await accept(await tokenFor(`${registration}@example.com`, { outlet_id: id, role_id: user }), registration)).statusCode, 200)
    await root.ask('PATCH', `/outlets/${id}`, { registration: 'open' })
    t.equal((await register(kunci, { email: `${registration}.open@example.com`, username: `${registration}.open`, outlet_id: id })).statusCode, 200)
    await root.ask('PATCH', `/outlets/${id}`, { registration })
  }
})
