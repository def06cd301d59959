import { METHODS } from 'node:http'
import type { InjectOptions } from 'fastify'
import t from 'tap'
import { bearer, build, type Kunci } from '../helper.js'
import { login, registerVerified } from '../outlet/client.js'

const NOBODY = { 'x-auth-subject': '', 'x-auth-session': '', 'x-auth-contract': '', 'x-auth-roles': '', 'x-auth-permissions': '', 'x-auth-outlet': '' }

async function ask (kunci: Kunci, accessToken: string | undefined, query = '', options: { method?: InjectOptions['method'], headers?: Record<string, string>, payload?: string } = {}) {
  const { method = 'GET', headers, ...rest } = options
  return await kunci.app.inject({ method, url: `/gateway/verify${query}`, headers: { ...accessToken === undefined ? {} : bearer(accessToken), ...headers }, ...rest })
}

function authHeadersOf (response: { headers: Record<string, unknown> }): Record<string, unknown> {
  return Object.fromEntries(Object.entries(response.headers).filter(([name]) => name.startsWith('x-auth-')))
}

async function donor (kunci: Kunci): Promise<string> {
  const account = { email: 'dermawan@gmail.com', password: 'dermawan123', nama_lengkap: 'Dermawan', telp: '081234567890' }
  await kunci.app.inject({ method: 'POST', url: '/donation/auth/register', payload: account })
  const response = await kunci.app.inject({ method: 'POST', url: '/donation/auth/login', payload: { email: account.email, password: account.password } })
  return response.json().data.token
}

t.test('a good token of any contract passes, and the headers say for whom', async t => {
  const kunci = await build(t, { CONTRACTS: '' })
  await registerVerified(kunci)
  const { accessToken } = await login(kunci)
  const [account] = await kunci.sql<Array<{ id: string, outlet: string, session: string }>>`select u.id, u.outlet_id outlet, s.id session from users u join sessions s on s.user_id = u.id`
  for (const method of METHODS.filter(method => method !== 'CONNECT' && method !== 'HEAD') as Array<InjectOptions['method']>) {
    const response = await ask(kunci, accessToken, '', { method })
    t.equal(response.statusCode, 200, method ?? '')
    t.same(response.json(), { status: 200, message: 'Access token is valid' })
    t.same(authHeadersOf(response), {
      'x-auth-subject': account?.id, 'x-auth-session': account?.session, 'x-auth-contract': 'outlet', 'x-auth-roles': 'user', 'x-auth-permissions': '', 'x-auth-outlet': account?.outlet
    })
  }
  t.match(authHeadersOf(await ask(kunci, await donor(kunci))), { 'x-auth-contract': 'donation', 'x-auth-roles': 'user', 'x-auth-outlet': '' })
})

t.test('what browsers act on is said in refusals alone, since only those are passed on to them', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { accessToken } = await login(kunci)
  const others = ({ headers }: { headers: Record<string, unknown> }) => Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('x-auth-') && name !== 'date' && name !== 'connection'))
  t.same(others(await ask(kunci, accessToken)), { 'cache-control': 'no-store', 'content-type': 'application/json; charset=utf-8', 'content-length': '48' })
  for (const [token, query, status] of [[undefined, '', 401], [accessToken, '?role=admin', 403], [accessToken, '?contract=member', 403]] as const) {
    const response = await ask(kunci, token, query)
    t.equal(response.statusCode, status)
    t.match(others(response), {
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': 'max-age=15552000',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY'
    })
  }
})

t.test('a body of any type that a gateway repeats is not looked at', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { accessToken } = await login(kunci)
  for (const [type, payload] of [['text/plain', 'x'], ['application/json', '{'], ['application/x-www-form-urlencoded', 'a=b']]) {
    t.equal((await ask(kunci, accessToken, '', { method: 'POST', headers: { 'content-type': type ?? '' }, payload: payload ?? '' })).statusCode, 200)
  }
})

t.test('without a good token it is 401 with a challenge, and every header is empty', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { accessToken } = await login(kunci)
  await kunci.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(accessToken) })
  const refusals: Array<[string | undefined, string]> = [[undefined, 'Access token required'], ['garbage', 'Invalid or expired token'], [accessToken, 'Invalid or expired token']]
  for (const [token, message] of refusals) {
    const response = await ask(kunci, token, '', { headers: { 'x-auth-subject': 'forged', 'x-auth-roles': 'admin' } })
    t.equal(response.statusCode, 401)
    t.same(response.json(), { status: 401, message })
    t.equal(response.headers['www-authenticate'], 'Bearer error="invalid_token"')
    t.same(authHeadersOf(response), NOBODY)
  }
})

t.test('a preflight, or what looks like one, does not pass by itself', async t => {
  const kunci = await build(t, { CORS_ORIGINS: 'https://app.example' })
  const headers = { origin: 'https://app.example', 'access-control-request-method': 'POST' }
  t.equal((await ask(kunci, undefined, '', { method: 'OPTIONS', headers })).statusCode, 401)
  t.equal((await ask(kunci, undefined, '', { method: 'OPTIONS' })).statusCode, 401)
})

t.test('what a gateway demands must be met: one of the values given, of each kind', async t => {
  const kunci = await build(t, { CONTRACTS: '', ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'SecurePassword123!' })
  const { accessToken } = await login(kunci, 'admin@example.com', 'SecurePassword123!')
  const met = ['?role=admin', '?role=user&role=admin', '?permission=users.read', '?contract=outlet', '?role=admin&permission=audit.read&contract=outlet&contract=console']
  for (const query of met) t.equal((await ask(kunci, accessToken, query)).statusCode, 200, query)
  t.match(authHeadersOf(await ask(kunci, accessToken)), { 'x-auth-permissions': 'users.create,users.read,users.update,users.delete,roles.manage,outlets.manage,sessions.manage,audit.read' })
  for (const query of ['?role=user', '?role=', '?role=Admin', '?permission=users.fly', '?contract=donation', '?role=admin&contract=console']) {
    const response = await ask(kunci, accessToken, query)
    t.equal(response.statusCode, 403, query)
    t.same(response.json(), { status: 403, message: 'Forbidden' })
    t.equal(response.headers['www-authenticate'], 'Bearer error="insufficient_scope"')
    t.same(authHeadersOf(response), NOBODY)
  }
})

t.test('names that a header cannot hold are percent-encoded', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  await kunci.sql`update roles set name = 'kasir, ü%' where name = 'user'`
  const { accessToken } = await login(kunci)
  t.match(authHeadersOf(await ask(kunci, accessToken)), { 'x-auth-roles': 'kasir%2C %C3%BC%25' })
})

t.test('a token that outlives a change of roles speaks with the roles of now', async t => {
  const kunci = await build(t, { CONTRACTS: '' })
  const token = await donor(kunci)
  await kunci.sql`update user_roles set role_id = (select id from roles where name = 'volunteer')`
  await kunci.app.revocations.settle((await kunci.sql<Array<{ id: string }>>`select id from users`)[0]?.id ?? '')
  const response = await ask(kunci, token, '?role=volunteer')
  t.equal(response.statusCode, 200)
  t.match(authHeadersOf(response), { 'x-auth-roles': 'volunteer' })
  t.equal((await ask(kunci, token, '?role=user')).statusCode, 403)
})
