import t from 'tap'
import { bearer, build, type Kunci } from '../helper.js'
import { login, registerVerified } from '../outlet/client.js'

const ADMIN = { ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'SecurePassword123!' }
const FORWARDED = { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'auth.example.com' }

async function examine (kunci: Kunci, headers: Record<string, string> = {}, peer = '10.0.0.1') {
  const { accessToken } = await login(kunci, ADMIN.ADMIN_EMAIL, ADMIN.ADMIN_PASSWORD)
  return await kunci.app.inject({ url: '/gateway/doctor', headers: { ...bearer(accessToken), ...headers }, remoteAddress: peer })
}

t.test('a request is shown as it was resolved, and from which header', async t => {
  const kunci = await build(t, { ...ADMIN, TRUST_PROXY: '10.0.0.1' })
  const response = await examine(kunci, FORWARDED)
  t.equal(response.statusCode, 200)
  t.same(response.json(), {
    status: 200,
    message: 'Request resolved',
    data: {
      peer: '10.0.0.1',
      client: { value: '203.0.113.7', from: 'x-forwarded-for' },
      scheme: { value: 'https', from: 'x-forwarded-proto' },
      host: { value: 'auth.example.com', from: 'x-forwarded-host' },
      trustProxy: { configured: ['10.0.0.1'], fits: true, advice: 'X-Forwarded-For came from 10.0.0.1, which TRUST_PROXY names' }
    }
  })
})

t.test('a gateway that is not named, and one that forwards nothing, are told', async t => {
  const unnamed = await build(t, ADMIN)
  t.match((await examine(unnamed, FORWARDED)).json().data, {
    client: { value: '10.0.0.1', from: 'the connection' },
    trustProxy: { configured: [], fits: false, advice: 'X-Forwarded-For came from 10.0.0.1, which TRUST_PROXY does not name: it counts for nothing. If that is your gateway, set TRUST_PROXY=10.0.0.1' }
  })
  t.match((await examine(unnamed)).json().data, { host: { from: 'Host' }, trustProxy: { fits: true, advice: 'no gateway forwarded this request, and none is trusted' } })
  const silent = await build(t, { ...ADMIN, TRUST_PROXY: '10.0.0.0/8' })
  t.match((await examine(silent)).json().data.trustProxy, { fits: false, advice: /^TRUST_PROXY is set, but this request brought no X-Forwarded-For/ })
})

t.test('it is for administrators alone', async t => {
  const kunci = await build(t, ADMIN)
  await registerVerified(kunci)
  const without = await kunci.app.inject('/gateway/doctor')
  t.equal(without.statusCode, 401)
  t.same(without.json(), { status: 401, message: 'Access token required' })
  const { accessToken } = await login(kunci)
  const user = await kunci.app.inject({ url: '/gateway/doctor', headers: bearer(accessToken) })
  t.equal(user.statusCode, 403)
  t.same(user.json(), { status: 403, message: 'Forbidden' })
})
