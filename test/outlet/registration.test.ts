import { randomUUID } from 'node:crypto'
import t from 'tap'
import { bearer, build, type Kunci, readMails } from '../helper.js'
import { choices, login, PASSWORD, register } from './client.js'

/** Everything that a registration writes. */
async function written (kunci: Kunci) {
  const [counts] = await kunci.sql`select
    (select count(*)::int from users) users, (select count(*)::int from user_roles) roles, (select count(*)::int from audit_events) events,
    (select count(*)::int from one_time_tokens) tokens, (select count(*)::int from mail_outbox) mails`
  return counts
}

const NOTHING = { users: 0, roles: 0, events: 0, tokens: 0, mails: 0 }

t.test('an account, its role, its event and its mail are written together', async t => {
  const kunci = await build(t)
  const { outlet, user } = await choices(kunci)
  const response = await register(kunci, { email: '  SITI@Example.com', username: 'Siti N.' })
  t.equal(response.statusCode, 200)
  t.same(response.json(), { status: 200, message: 'register user succes' })
  t.same(await written(kunci), { users: 1, roles: 1, events: 1, tokens: 1, mails: 1 })
  const [account] = await kunci.sql`select email, username, outlet_id, email_verified_at, disabled_at, password_hash from users`
  t.match(account, { email: 'siti@example.com', username: 'Siti N.', outlet_id: outlet, email_verified_at: null, disabled_at: null, password_hash: /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/ })
  t.same(await kunci.sql`select role_id, status, is_primary from user_roles`, [{ role_id: user, status: true, is_primary: true }])
  t.same(await kunci.sql`select type, contract, ip from audit_events`, [{ type: 'account.registered', contract: 'outlet', ip: '127.0.0.1' }])
})

t.test('what is taken is 409 and writes nothing', async t => {
  const kunci = await build(t)
  await register(kunci)
  const before = await written(kunci)
  for (const [fields, message] of [
    [{ email: 'Siti@EXAMPLE.com', username: 'another' }, 'User with this email already exists'],
    [{ email: 'another@example.com', username: 'SITI' }, 'User with this username already exists']
  ] as const) {
    const response = await register(kunci, fields)
    t.equal(response.statusCode, 409)
    t.same(response.json(), { status: 409, message })
  }
  t.same(await written(kunci), before)
})

t.test('of many registrations at once with one email or username, one wins', async t => {
  const kunci = await build(t)
  const byEmail = await Promise.all(Array.from({ length: 8 }, async (_, index) => await register(kunci, { username: `siti${index}` })))
  t.same(byEmail.map(response => response.statusCode).sort(), [200, ...Array(7).fill(409)])
  const byName = await Promise.all(Array.from({ length: 8 }, async (_, index) => await register(kunci, { email: `budi${index}@example.com`, username: 'budi' })))
  t.same(byName.map(response => response.statusCode).sort(), [200, ...Array(7).fill(409)])
  t.same(await written(kunci), { users: 2, roles: 2, events: 2, tokens: 2, mails: 2 })
})

t.test('an unknown outlet or role is 400 and writes nothing', async t => {
  const kunci = await build(t)
  for (const [fields, message] of [[{ outlet_id: randomUUID() }, 'Outlet not found'], [{ role_id: randomUUID() }, 'Role not found']] as const) {
    const response = await register(kunci, fields)
    t.equal(response.statusCode, 400)
    t.same(response.json(), { status: 400, message })
  }
  t.same(await written(kunci), NOTHING)
})

t.test('a role that is not for everybody needs an administrator', async t => {
  const kunci = await build(t, { ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'Rahasia-besar-1' })
  const { outlet, admin } = await choices(kunci)
  const as = async (username: string, headers: Record<string, string>) => await kunci.app.inject({
    method: 'POST',
    url: '/auth/register',
    headers,
    payload: { email: `${username}@example.com`, username, password: PASSWORD, confirmPassword: PASSWORD, outlet_id: outlet, role_id: admin }
  })

  const anonymous = await as('one', {})
  t.equal(anonymous.statusCode, 403)
  t.same(anonymous.json(), { status: 403, message: 'Forbidden' })
  t.same(await written(kunci), { users: 1, roles: 1, events: 1, tokens: 0, mails: 0 })

  const administrator = await login(kunci, 'admin@example.com', 'Rahasia-besar-1')
  t.equal((await as('two', bearer(administrator.accessToken))).statusCode, 200)
  const forged = await as('three', bearer(`${administrator.accessToken}x`))
  t.equal(forged.statusCode, 401)
  t.same(forged.json(), { status: 401, message: 'Invalid or expired token' })

  await register(kunci)
  const token = (await readMails(kunci)).find(mail => mail.to === 'siti@example.com')?.token
  await kunci.app.inject({ method: 'POST', url: '/auth/verify', payload: { token } })
  const { accessToken } = await login(kunci)
  t.equal((await as('four', bearer(accessToken))).statusCode, 403)
  t.same(await kunci.sql`select username from users order by number`, [{ username: null }, { username: 'two' }, { username: 'siti' }])
})

t.test('bad fields are named, in the order of the document, and nothing is written', async t => {
  const kunci = await build(t)
  const cases: Array<[Record<string, unknown>, string[]]> = [
    [{ email: 'siti', username: 'x', password: 'short', outlet_id: '1', role_id: '2' }, [
      'email must be a valid email address',
      'username must be 3 to 50 letters, digits, dots, underscores, hyphens or single inner spaces',
      'password must be at least 8 characters',
      'password must contain a digit',
      'password must contain a symbol',
      'outlet_id must be a UUID',
      'role_id must be a UUID'
    ]],
    [{ confirmPassword: 'Password123?' }, ['confirmPassword must match password']],
    [{ password: 'P@ssw0rd1!', confirmPassword: 'P@ssw0rd1!' }, ['password is one of the most common passwords']],
    [{ password: `${'Aa1!'.repeat(32)}x`, confirmPassword: 'x' }, ['password must be at most 128 characters']],
    [{ isAdmin: true, permissions: ['*'], email_verified_at: '2026-01-01', id: randomUUID() }, [
      'isAdmin is not allowed', 'permissions is not allowed', 'email_verified_at is not allowed', 'id is not allowed'
    ]]
  ]
  for (const [fields, errors] of cases) {
    const response = await register(kunci, fields)
    t.equal(response.statusCode, 400)
    t.same(response.json(), { status: 400, message: 'Validation failed', errors })
  }
  t.same(await written(kunci), NOTHING)
})

t.test('what a registration form offers is public', async t => {
  const kunci = await build(t)
  const { outlet, user } = await choices(kunci)
  const outlets = await kunci.app.inject('/auth/outlets')
  t.equal(outlets.statusCode, 200)
  t.same(outlets.json(), { status: 200, message: 'Get outlets success', data: [{ id: outlet, name: 'Main Outlet' }] })
  const roles = await kunci.app.inject('/auth/roles')
  t.equal(roles.statusCode, 200)
  const [volunteer] = await kunci.sql`select id from roles where name = 'volunteer'`
  t.same(roles.json(), { status: 200, message: 'Get roles success', data: [{ id: user, name: 'user' }, { id: volunteer?.['id'], name: 'volunteer' }] })
})
