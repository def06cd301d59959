import t from 'tap'
import { bearer, build } from '../helper.js'
import { register as registerAtOutlet } from '../outlet/client.js'
import { ADMINISTRATOR, INVALID_ACCESS, INVALID_CREDENTIALS, invalid, login, me, PASSWORD, post, register, WITH_ADMINISTRATOR } from './client.js'

const kunci = await build(t, WITH_ADMINISTRATOR)
const { app, clock, sql } = kunci

t.test('an administrator signs in and sees the role as it is stored', async t => {
  for (const email of [ADMINISTRATOR.email, ' ADMIN@Example.com ']) {
    const response = await post(kunci, 'login', { email, password: ADMINISTRATOR.password })
    t.equal(response.statusCode, 200)
    const { token, refreshToken } = response.json().data
    const user = { id: 1, name: null, email: 'admin@example.com', role_id: 1, role_name: 'admin' }
    t.strictSame(response.json(), { status: true, message: 'Login successful', data: { user, token, refreshToken, expiresIn: 3600 } })
    t.same(response.cookies, [])
  }
})

t.test('a wrong password, an unknown email and a disabled account are refused alike', async t => {
  await register(kunci)
  const attempts = [
    { email: 'john.doe@example.com', password: 'wrong' },
    { email: 'john.doe@example.com', password: `${PASSWORD} ` },
    { email: 'unknown@example.com', password: PASSWORD },
    { email: 'John Doe', password: PASSWORD },
    { email: 'x'.repeat(5000), password: PASSWORD }
  ]
  for (const payload of attempts) {
    const response = await post(kunci, 'login', payload)
    t.equal(response.statusCode, 401, payload.email.slice(0, 30))
    t.strictSame(response.json(), INVALID_CREDENTIALS, payload.email.slice(0, 30))
  }
  const { accessToken } = await login(kunci)
  await sql`update users set disabled_at = ${clock.now} where email = 'john.doe@example.com'`
  t.strictSame((await post(kunci, 'login', { email: 'john.doe@example.com', password: PASSWORD })).json(), INVALID_CREDENTIALS)
  t.strictSame((await me(kunci, accessToken)).json(), INVALID_ACCESS)
})

t.test('signing in asks that both texts are there, no more', async t => {
  const cases: Array<[object, string[]]> = [
    [{}, ['email is required', 'password is required']],
    [{ email: '', password: '' }, ['email is required', 'password is required']],
    [{ email: ['admin@example.com'], password: 12345678 }, ['email must be a string', 'password must be a string']],
    [{ email: 'admin@example.com\0', password: null }, ['email must be valid text', 'password must be a string']],
    [{ ...ADMINISTRATOR, role_id: 1 }, ['role_id is not allowed']]
  ]
  for (const [payload, errors] of cases) {
    const response = await post(kunci, 'login', payload)
    t.equal(response.statusCode, 400, errors.join())
    t.strictSame(response.json(), invalid(...errors), errors.join())
  }
})

t.test('me shows an administrator what the role permits', async t => {
  const { accessToken } = await login(kunci, ADMINISTRATOR.email, ADMINISTRATOR.password)
  const response = await me(kunci, accessToken)
  t.equal(response.statusCode, 200)
  const [account] = await sql<Array<{ createdAt: Date }>>`select created_at as "createdAt" from users where email = 'admin@example.com'`
  t.strictSame(response.json(), {
    status: true,
    data: {
      id: 1,
      name: null,
      email: 'admin@example.com',
      role_id: 1,
      role: {
        id: 1,
        name: 'admin',
        permissions: ['users.create', 'users.read', 'users.update', 'users.delete', 'roles.manage', 'outlets.manage', 'sessions.manage', 'audit.read']
      },
      created_at: account?.createdAt.toISOString()
    }
  })
})

t.test('an account that came without a name shows none, and signs in unverified', async t => {
  await registerAtOutlet(kunci, { email: 'nameless@example.com', username: 'nameless', password: PASSWORD, confirmPassword: PASSWORD })
  const response = await post(kunci, 'login', { email: 'nameless@example.com', password: PASSWORD })
  t.equal(response.statusCode, 200)
  const { user, token } = response.json().data
  t.same(user, { id: user.id, name: null, email: 'nameless@example.com', role_id: 2, role_name: 'user' })
  t.strictSame((await me(kunci, token)).json(), {
    status: true,
    data: { id: user.id, name: null, email: 'nameless@example.com', role_id: 2, role: { id: 2, name: 'user', permissions: [] }, created_at: clock.now.toISOString() }
  })
})

t.test('an account without an active role shows none', async t => {
  await register(kunci, { email: 'roleless@example.com' })
  for (const change of [sql`update user_roles set status = false`, sql`delete from user_roles`]) {
    await sql`${change} where user_id = (select id from users where email = 'roleless@example.com')`
    const { user, token } = (await post(kunci, 'login', { email: 'roleless@example.com', password: PASSWORD })).json().data
    t.same(user, { id: user.id, name: 'John Doe', email: 'roleless@example.com', role_id: null, role_name: null })
    t.strictSame((await me(kunci, token)).json(), {
      status: true,
      data: { id: user.id, name: 'John Doe', email: 'roleless@example.com', role_id: null, role: null, created_at: clock.now.toISOString() }
    })
  }
})

t.test('of several roles the primary one is shown, as it is now', async t => {
  const { user, refreshToken } = (await register(kunci, { email: 'several@example.com' })).json().data
  let refresh: string = refreshToken
  // Whose roles change gets a new token for them.
  const meNow = async () => {
    const { data } = (await app.inject({ method: 'POST', url: '/api/auth/refresh', payload: { refreshToken: refresh } })).json()
    refresh = data.refreshToken
    return (await me(kunci, data.token)).json().data
  }
  await sql`insert into user_roles (user_id, role_id, status, is_primary, created_at, updated_at)
    select users.id, roles.id, true, false, ${clock.now}, ${clock.now} from users, roles where email = 'several@example.com' and roles.name = 'admin'`
  t.match(await meNow(), { role_id: 2, role: { id: 2, name: 'user', permissions: [] } })
  await sql`update user_roles set is_primary = false where user_id = (select id from users where number = ${user.id})`
  await sql`update user_roles set is_primary = true from roles where roles.id = role_id and roles.name = 'admin' and user_id = (select id from users where number = ${user.id})`
  t.match(await meNow(), { role_id: 1, role: { id: 1, name: 'admin', permissions: ['users.create'] } })
  await sql`update roles set name = 'Admin', permissions = ${['users.read']} where number = 1`
  t.strictSame((await meNow()).role, { id: 1, name: 'Admin', permissions: ['users.read'] })
})

t.test('me needs an access token of this contract', async t => {
  const without = await app.inject('/api/auth/me')
  t.equal(without.statusCode, 401)
  t.strictSame(without.json(), { status: false, message: 'Access token required', code: 401 })
  const outlet = await app.inject({ method: 'POST', url: '/auth/login', payload: ADMINISTRATOR })
  const foreign = await app.inject({ url: '/api/auth/me', headers: bearer(outlet.json().data.access_token) })
  t.equal(foreign.statusCode, 401)
  t.strictSame(foreign.json(), INVALID_ACCESS)
})
