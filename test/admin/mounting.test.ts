import t from 'tap'
import { bearer, build } from '../helper.js'
import { names, person, tokensOf } from '../contracts/clients.js'
import { endpointsOf, requestTo } from '../contracts/endpoints.js'
import { failed } from '../contracts/failures.js'
import { administered } from './client.js'

const ADMIN = { ADMIN_EMAIL: 'admin@example.com', ADMIN_USERNAME: 'admin', ADMIN_PASSWORD: 'SecurePassword123!' }

t.test('administration is there where the outlet contract is, wherever that stands', async t => {
  for (const contracts of ['outlet', 'donation,outlet=/toko/masuk', '']) {
    const { app } = await build(t, { CONTRACTS: contracts })
    t.strictSame(failed(await app.inject('/admin/users')), { status: 401, body: { status: 401, message: 'Access token required' } }, contracts)
  }
  for (const contracts of ['console', 'donation=/x,member=/y']) {
    const { app } = await build(t, { CONTRACTS: contracts })
    t.strictSame(failed(await app.inject('/admin/users')), { status: 404, body: { status: 404, message: 'Not found' } }, contracts)
    t.equal((await app.inject('/docs/admin/json')).statusCode, 404)
  }
})

t.test('an access token of another contract is refused, an administrator\'s as well', async t => {
  const kunci = await build(t, { CONTRACTS: '', ...ADMIN })
  for (const name of names.filter(name => name !== 'outlet')) {
    const { access } = await tokensOf(kunci, name, person('admin'), ADMIN.ADMIN_PASSWORD)
    for (const endpoint of await endpointsOf(kunci, 'admin')) {
      const response = await kunci.app.inject({ ...requestTo(endpoint), headers: bearer(access) })
      t.strictSame(failed(response), { status: 401, body: { status: 401, message: 'Invalid or expired token' } }, `${name} at ${endpoint.method} ${endpoint.path}`)
    }
  }
})

t.test('its failures have the shape of the outlet contract, also of paths that it does not know', async t => {
  const { kunci, root } = await administered(t)
  for (const path of ['/nowhere', '/', '', '/USERS', '/users/1/2/3/4']) {
    t.strictSame(failed(await root.ask('GET', path)), { status: 404, body: { status: 404, message: 'Not found' } }, path)
  }
  t.strictSame(failed(await kunci.app.inject('/admin/nowhere')), { status: 404, body: { status: 404, message: 'Not found' } })
  t.strictSame(failed(await root.ask('GET', '/users/%zz')), { status: 400, body: { status: 400, message: 'Malformed URL' } })
  t.strictSame(failed(await root.ask('PUT', '/users')), { status: 404, body: { status: 404, message: 'Not found' } })
})

t.test('a page of an allowed origin may use all of its methods', async t => {
  const { kunci } = await administered(t, { CORS_ORIGINS: 'https://admin.example.com' })
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']) {
    const response = await kunci.app.inject({ method: 'OPTIONS', url: '/admin/users/1/roles', headers: { origin: 'https://admin.example.com', 'access-control-request-method': method } })
    t.equal(response.statusCode, 204)
    t.match(response.headers['access-control-allow-methods'], new RegExp(`\\b${method}\\b`))
  }
})

t.test('sending mails is limited like everywhere', async t => {
  const { kunci, root } = await administered(t, { RATE_LIMIT: 'on' })
  const role = (await root.ask('GET', '/roles')).json().data[1].id
  for (let count = 0; count < 10; count++) t.equal((await root.ask('POST', '/users', { email: `new${count}@example.com`, role_id: role })).statusCode, 201)
  for (const [path, payload] of [['/users', { email: 'new@example.com', role_id: role }], ['/invitations', { email: 'new@example.com', role_id: role }], [`/users/${root.id}/reset`, {}], [`/users/${root.id}/verification`, {}]] as const) {
    const response = await root.ask('POST', path, payload)
    t.strictSame(failed(response), { status: 429, body: { status: 429, message: 'Too many requests' } }, path)
    t.equal(response.headers['retry-after'], '60')
  }
  t.equal((await root.ask('GET', '/users')).statusCode, 200)
  kunci.clock.advance(60)
  t.equal((await root.ask('POST', `/users/${root.id}/reset`)).statusCode, 200)
})
