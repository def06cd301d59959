import { randomUUID } from 'node:crypto'
import t from 'tap'
import { failed } from '../contracts/failures.js'
import { mailedToken, readMails } from '../helper.js'
import { choices, login, PASSWORD, profile, register } from '../outlet/client.js'
import { administered, lastEvent, roleNamed, state } from './client.js'

const { kunci, root } = await administered(t)
const { app, clock, sql } = kunci
const { outlet, user } = await choices(kunci)
const volunteer = await roleNamed(kunci, 'volunteer')
const DAY = 24 * 3600

async function choosePassword (token: string, password = PASSWORD) {
  return await app.inject({ method: 'POST', url: '/auth/password/reset', payload: { token, password, confirmPassword: password } })
}

t.test('an account that an administrator makes gets a mail whose link chooses its password, and signs in', async t => {
  const response = await root.ask('POST', '/users', { email: '  Budi@Example.com', username: 'budi', name: 'Budi Santoso', phone: '081234567890', outlet_id: outlet, role_id: user })
  t.equal(response.statusCode, 201)
  const [row] = await sql<Array<{ id: string, number: string }>>`select id, number from users where email = 'budi@example.com'`
  const at = clock.now.toISOString()
  t.strictSame(response.json(), {
    status: 201,
    message: 'User created',
    data: {
      id: row?.id,
      number: Number(row?.number),
      email: 'budi@example.com',
      username: 'budi',
      name: 'Budi Santoso',
      phone: '081234567890',
      outlet: { id: outlet, name: 'Main Outlet' },
      roles: [{ id: user, name: 'user', isAdmin: false, status: true, primary: true }],
      emailVerifiedAt: null,
      disabledAt: null,
      deletionDueAt: null,
      createdAt: at,
      updatedAt: at
    }
  })
  t.match(await lastEvent(kunci), { type: 'account.created', user_id: row?.id, actor_id: root.id, ip: '127.0.0.1' })
  t.equal((await app.inject({ method: 'POST', url: '/auth/login', payload: { email: 'budi@example.com', password: PASSWORD } })).statusCode, 401, 'it has no password yet')

  const [mail] = (await readMails(kunci)).filter(mail => mail.to === 'budi@example.com')
  t.equal(mail?.subject, 'An account was made for you')
  t.match(mail?.text, 'http://auth.test/reset-password?token=')
  t.equal((await choosePassword(mail?.token ?? '')).statusCode, 200)
  const { accessToken } = await login(kunci, 'budi@example.com')
  t.match((await profile(kunci, accessToken)).json().data, { email: 'budi@example.com', isConfirmed: true, role: { name: 'user' } })
})

t.test('the link is good for 7 days, and then a reset does the same', async t => {
  for (const [email, seconds, status] of [['early@example.com', 7 * DAY - 1, 200], ['late@example.com', 7 * DAY, 400]] as const) {
    t.equal((await root.ask('POST', '/users', { email, role_id: user })).statusCode, 201)
    const token = await mailedToken(kunci, email)
    const before = clock.now
    clock.advance(seconds)
    t.equal((await choosePassword(token)).statusCode, status, email)
    await app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email } })
    t.equal((await choosePassword(await mailedToken(kunci, email), 'Rahasia-baru 7')).statusCode, 200)
    clock.now = before
  }
})

t.test('no more than an email and a role is needed', async t => {
  const response = await root.ask('POST', '/users', { email: 'bare@example.com', roles: [{ role_id: user }] })
  t.equal(response.statusCode, 201)
  t.match(response.json().data, { email: 'bare@example.com', username: null, name: null, phone: null, outlet: null, roles: [{ name: 'user', status: true, primary: true }] })
})

t.test('several roles are given at once', async t => {
  const response = await root.ask('POST', '/users', { email: 'several@example.com', roles: [{ role_id: user.toUpperCase(), status: false }, { role_id: volunteer, primary: true }] })
  t.equal(response.statusCode, 201)
  t.strictSame(response.json().data.roles, [
    { id: volunteer, name: 'volunteer', isAdmin: false, status: true, primary: true },
    { id: user, name: 'user', isAdmin: false, status: false, primary: false }
  ])
})

t.test('what is taken or unknown is refused, and nothing is written', async t => {
  await register(kunci)
  const before = await state(kunci)
  for (const [fields, status, message] of [
    [{ email: 'SITI@example.com' }, 409, 'User with this email already exists'],
    [{ username: 'SITI' }, 409, 'User with this username already exists'],
    [{ outlet_id: randomUUID() }, 404, 'Outlet not found'],
    [{ role_id: randomUUID() }, 404, 'Role not found']
  ] as const) {
    const response = await root.ask('POST', '/users', { email: 'new@example.com', role_id: user, ...fields })
    t.strictSame(failed(response), { status, body: { status, message } }, JSON.stringify(fields))
  }
  t.strictSame(await state(kunci), before)
})

t.test('an address that its former owner may still take back is nobody else\'s', async t => {
  await sql`insert into one_time_tokens (user_id, id, purpose, counter, email, created_at, expires_at)
    select id, gen_random_uuid(), 'restore-email:x', 1, 'former@example.com', ${clock.now}, ${new Date(clock.now.getTime() + 1000)} from users where username = 'siti'`
  for (const path of ['/users', '/invitations']) {
    const response = await root.ask('POST', path, { email: 'former@example.com', role_id: user })
    t.strictSame(failed(response), { status: 409, body: { status: 409, message: 'User with this email already exists' } }, path)
  }
})

t.test('of many at once with one email, one is made', async t => {
  const answers = await Promise.all(Array.from({ length: 8 }, async () => (await root.ask('POST', '/users', { email: 'once@example.com', role_id: user })).statusCode))
  t.strictSame(answers.sort(), [201, ...Array<number>(7).fill(409)])
  t.equal((await sql`select id from users where email = 'once@example.com'`).length, 1)
})
