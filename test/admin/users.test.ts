import { randomUUID } from 'node:crypto'
import t from 'tap'
import { readMails } from '../helper.js'
import { choices, registerVerified } from '../outlet/client.js'
import { administered, roleNamed } from './client.js'

const { kunci, root } = await administered(t)
const { clock, sql } = kunci
const { outlet, user, admin } = await choices(kunci)
await registerVerified(kunci)
const [account] = await sql<Array<{ id: string, number: string, phone: string | null }>>`select id, number from users where username = 'siti'`
const id = account?.id ?? ''
const volunteer = await roleNamed(kunci, 'volunteer')
const MAIN = { id: outlet, name: 'Main Outlet' }
const registeredAt = clock.now.toISOString()

const siti = {
  id,
  number: Number(account?.number),
  email: 'siti@example.com',
  username: 'siti',
  name: null,
  phone: null,
  outlet: MAIN,
  roles: [{ id: user, name: 'user', isAdmin: false, status: true, primary: true }],
  emailVerifiedAt: registeredAt,
  disabledAt: null,
  deletionDueAt: null,
  createdAt: registeredAt,
  updatedAt: registeredAt
}

t.test('accounts are listed, the latest made first', async t => {
  const response = await root.ask('GET', '/users')
  t.equal(response.statusCode, 200)
  t.strictSame(response.json(), {
    status: 200,
    message: 'Get users success',
    data: [siti, { ...siti, id: root.id, number: 1, email: 'admin@example.com', username: 'admin', roles: [{ id: admin, name: 'admin', isAdmin: true, status: true, primary: true }] }],
    next: null
  })
})

t.test('an account is shown', async t => {
  for (const spelled of [id, id.toUpperCase()]) {
    const response = await root.ask('GET', `/users/${spelled}`)
    t.equal(response.statusCode, 200)
    t.strictSame(response.json(), { status: 200, message: 'Get user success', data: siti })
  }
})

t.test('its names and outlet are changed, each by itself, and the rest stays', async t => {
  let expected = { ...siti }
  const second = (await root.ask('POST', '/outlets', { name: 'Second' })).json().data
  const changes: Array<[object, object]> = [
    [{ username: 'siti.r' }, { username: 'siti.r' }],
    [{ name: 'Siti Rahayu' }, { name: 'Siti Rahayu' }],
    [{ phone: '081234567890' }, { phone: '081234567890' }],
    [{ outlet_id: second.id }, { outlet: { id: second.id, name: 'Second' } }],
    [{ outlet_id: null }, { outlet: null }],
    [{ username: 'siti', name: 'Siti', phone: '+628123456789', outlet_id: outlet }, { username: 'siti', name: 'Siti', phone: '+628123456789', outlet: MAIN }]
  ]
  for (const [change, shown] of changes) {
    clock.advance(60)
    const response = await root.ask('PATCH', `/users/${id}`, change)
    expected = { ...expected, ...shown, updatedAt: clock.now.toISOString() }
    t.equal(response.statusCode, 200)
    t.strictSame(response.json(), { status: 200, message: 'User updated', data: expected }, JSON.stringify(change))
  }
  t.strictSame((await root.ask('GET', `/users/${id}`)).json().data, expected)
})

t.test('an account has several roles, each in force or not, and one primary one', async t => {
  const response = await root.ask('PUT', `/users/${id}/roles`, { roles: [{ role_id: user, status: false }, { role_id: volunteer.toUpperCase(), status: true, primary: true }] })
  t.equal(response.statusCode, 200)
  const { message, data } = response.json()
  t.equal(message, 'User roles updated')
  t.strictSame(data.roles, [
    { id: volunteer, name: 'volunteer', isAdmin: false, status: true, primary: true },
    { id: user, name: 'user', isAdmin: false, status: false, primary: false }
  ])
  const alone = await root.ask('PUT', `/users/${id}/roles`, { roles: [{ role_id: user }] })
  t.strictSame(alone.json(), { status: 200, message: 'User roles updated', data: { ...data, roles: siti.roles } })
})

t.test('an account is disabled and enabled; a second time changes nothing', async t => {
  const { data } = (await root.ask('GET', `/users/${id}`)).json()
  clock.advance(60)
  const disabled = { ...data, disabledAt: clock.now.toISOString(), updatedAt: clock.now.toISOString() }
  for (const seconds of [0, 60]) {
    clock.advance(seconds)
    const response = await root.ask('POST', `/users/${id}/disable`)
    t.equal(response.statusCode, 200)
    t.strictSame(response.json(), { status: 200, message: 'User disabled', data: disabled })
  }
  const enabled = { ...data, updatedAt: clock.now.toISOString() }
  for (const seconds of [0, 60]) {
    clock.advance(seconds)
    const response = await root.ask('POST', `/users/${id}/enable`)
    t.equal(response.statusCode, 200)
    t.strictSame(response.json(), { status: 200, message: 'User enabled', data: enabled })
  }
})

t.test('the mail that resets the password or verifies the address is sent to its owner', async t => {
  await sql`update users set email_verified_at = null where id = ${id}`
  const subjects = async () => (await readMails(kunci)).filter(mail => mail.to === 'siti@example.com').map(mail => mail.subject)
  const before = await subjects()
  clock.advance(1)
  const reset = await root.ask('POST', `/users/${id}/reset`)
  t.equal(reset.statusCode, 200)
  t.strictSame(reset.json(), { status: 200, message: 'Password reset requested', data: { sent: true } })
  clock.advance(1)
  const verification = await root.ask('POST', `/users/${id}/verification`)
  t.equal(verification.statusCode, 200)
  t.strictSame(verification.json(), { status: 200, message: 'Verification requested', data: { sent: true } })
  t.strictSame((await subjects()).slice(before.length).sort(), ['Reset your password', 'Verify your email address'])
})

t.test('an account is deleted for good', async t => {
  const response = await root.ask('DELETE', `/users/${id}`)
  t.equal(response.statusCode, 200)
  t.strictSame(response.json(), { status: 200, message: 'User deleted' })
  t.equal((await root.ask('GET', '/users')).json().data.length, 1)
  for (const table of ['users', 'user_roles', 'one_time_tokens', 'sessions']) {
    t.same(await sql`select * from ${sql(table)} where ${sql(table === 'users' ? 'id' : 'user_id')} = ${id}`, [], table)
  }
  t.same(await sql`select * from mail_outbox where recipient = 'siti@example.com'`, [])
})

t.test('an account that does not exist is not found', async t => {
  for (const unknown of [id, randomUUID()]) {
    const answers = [
      await root.ask('GET', `/users/${unknown}`),
      await root.ask('PATCH', `/users/${unknown}`, { name: 'Siti' }),
      await root.ask('PUT', `/users/${unknown}/roles`, { roles: [{ role_id: user }] }),
      ...await Promise.all(['disable', 'enable', 'reset', 'verification'].map(async act => await root.ask('POST', `/users/${unknown}/${act}`))),
      await root.ask('DELETE', `/users/${unknown}/sessions`),
      await root.ask('DELETE', `/users/${unknown}/sessions/${randomUUID()}`),
      await root.ask('DELETE', `/users/${unknown}`)
    ]
    for (const response of answers) {
      t.equal(response.statusCode, 404)
      t.strictSame(response.json(), { status: 404, message: 'User not found' })
    }
  }
})
