import t from 'tap'
import { bearer, build, type Kunci } from '../helper.js'
import { cookieOf, login, PASSWORD, refresh, registerVerified } from './client.js'

const FORBIDDEN = { status: 403, message: 'Forbidden' }
const HOST = 'shop.example:8443'

const kunci = await build(t, { PUBLIC_URL: 'https://auth.test', CORS_ORIGINS: 'https://app.example,http://localhost:5173' })
await registerVerified(kunci)

const endpoints = ['login', 'refresh', 'logout'] as const
type Endpoint = typeof endpoints[number]

/** Asks an endpoint, with a session of its own, as a page with these headers would. */
async function ask (endpoint: Endpoint, headers: Record<string, string>, cookie: string) {
  return await kunci.app.inject({
    method: 'POST',
    url: `/auth/${endpoint}`,
    headers: { host: HOST, ...endpoint === 'login' ? {} : { cookie: `refresh_token=${cookie}` }, ...headers },
    ...endpoint === 'login' ? { payload: { email: 'siti@example.com', password: PASSWORD } } : {}
  })
}

const allowed: Record<string, Record<string, string>> = {
  'the first of CORS_ORIGINS': { origin: 'https://app.example' },
  'the second of CORS_ORIGINS': { origin: 'http://localhost:5173' },
  "PUBLIC_URL's origin": { origin: 'https://auth.test' },
  "the request's own host": { origin: `https://${HOST}` },
  "the request's own host by the other scheme": { origin: `http://${HOST}` },
  "the request's own host without a port": { origin: 'https://shop.example', host: 'shop.example' },
  "the request's own host in other case": { origin: 'https://shop.example:8443', host: 'Shop.Example:8443' },
  'an allowed origin, whatever Sec-Fetch-Site says': { origin: 'https://app.example', 'sec-fetch-site': 'cross-site' },
  'neither Origin nor Sec-Fetch-Site': {},
  'Sec-Fetch-Site: same-origin': { 'sec-fetch-site': 'same-origin' },
  'Sec-Fetch-Site: same-site': { 'sec-fetch-site': 'same-site' },
  'Sec-Fetch-Site: none': { 'sec-fetch-site': 'none' }
}

const refused: Record<string, Record<string, string>> = {
  null: { origin: 'null' },
  'a stranger': { origin: 'https://evil.example' },
  'a look-alike that begins with PUBLIC_URL': { origin: 'https://auth.test.evil.example' },
  'a look-alike that ends with its host': { origin: 'https://evilauth.test' },
  'a sub-domain of it': { origin: 'https://evil.auth.test' },
  'a look-alike that begins with a CORS origin': { origin: 'https://app.example.evil.example' },
  'a look-alike that ends with its host too': { origin: 'https://evilapp.example' },
  'PUBLIC_URL by another scheme': { origin: 'http://auth.test' },
  'PUBLIC_URL at another port': { origin: 'https://auth.test:8443' },
  'a CORS origin by another scheme': { origin: 'http://app.example' },
  'a CORS origin at another port': { origin: 'http://localhost:5174' },
  "the request's host at another port": { origin: 'https://shop.example:8444' },
  "the request's host without its port": { origin: 'https://shop.example' },
  "a look-alike of the request's host": { origin: `https://evil-${HOST}` },
  'a host that is only claimed to be forwarded': { origin: 'https://evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' },
  'an origin with a path': { origin: 'https://auth.test/' },
  'an origin with a user': { origin: 'https://auth.test@evil.example' },
  'the own host as a user': { origin: `https://${HOST}@evil.example` },
  'two origins': { origin: 'https://auth.test, https://app.example' },
  'two origins by a space': { origin: 'https://app.example https://evil.example' },
  'another scheme of the own host': { origin: `ftp://${HOST}` },
  'a file': { origin: 'file://' },
  'an extension': { origin: 'chrome-extension://abcdefghijklmnop' },
  garbage: { origin: 'garbage' },
  'an asterisk': { origin: '*' },
  'a scheme alone': { origin: 'https://' },
  nothing: { origin: '' },
  'a stranger, whatever Sec-Fetch-Site says': { origin: 'https://evil.example', 'sec-fetch-site': 'same-origin' },
  'Sec-Fetch-Site: cross-site': { 'sec-fetch-site': 'cross-site' }
}

/** Everything that a request of these endpoints may change. */
async function state ({ sql }: Kunci) {
  return {
    sessions: await sql`select id, generation, rotated_at, revoked_at from sessions order by id`,
    events: await sql`select id from audit_events order by number`
  }
}

for (const endpoint of endpoints) {
  t.test(`${endpoint} takes requests of pages that may use it`, async t => {
    for (const [name, headers] of Object.entries(allowed)) {
      const { cookie } = await login(kunci)
      const response = await ask(endpoint, headers, cookie)
      t.equal(response.statusCode, 200, name)
      t.equal(response.cookies[0]?.name, 'refresh_token', name)
    }
  })

  t.test(`${endpoint} refuses requests of other pages, and nothing happens`, async t => {
    const { cookie, accessToken } = await login(kunci)
    const before = await state(kunci)
    for (const [name, headers] of Object.entries(refused)) {
      const response = await ask(endpoint, headers, cookie)
      t.equal(response.statusCode, 403, name)
      t.same(response.json(), FORBIDDEN, name)
      t.same(response.cookies, [], name)
      const signedIn = await ask(endpoint, { ...headers, ...bearer(accessToken) }, cookie)
      t.equal(signedIn.statusCode, 403, `${name}, with an access token`)
    }
    t.same(await state(kunci), before)

    const kept = await refresh(kunci, cookie)
    t.equal(kept.statusCode, 200)
    t.not(cookieOf(kept), cookie)
  })
}

const configured = ['https://app.example', 'http://localhost:5173']
const foreign = ['null', 'https://evil.example', 'https://app.example.evil.example', 'https://evilapp.example', 'http://app.example', 'https://app.example:8443', 'http://localhost:5174', 'https://auth.test.evil.example', 'garbage']

t.test('a configured origin may read answers, good and bad', async t => {
  for (const origin of configured) {
    const { accessToken } = await login(kunci)
    const good = await kunci.app.inject({ method: 'GET', url: '/auth/profile', headers: { origin, ...bearer(accessToken) } })
    t.equal(good.statusCode, 200)
    const bad = await kunci.app.inject({ method: 'POST', url: '/auth/refresh', headers: { origin } })
    t.equal(bad.statusCode, 401)
    for (const { headers } of [good, bad]) {
      t.equal(headers['access-control-allow-origin'], origin)
      t.equal(headers['access-control-allow-credentials'], 'true')
      t.match(headers.vary, /\borigin\b/i)
    }
  }
})

t.test('a configured origin may ask before it sends', async t => {
  for (const [method, url] of [['POST', '/auth/login'], ['PATCH', '/auth/profile'], ['DELETE', '/auth/sessions/0b9ff6a4-3f5d-4f0c-9d5e-3f8f3a4dbb0e']] as const) {
    for (const origin of configured) {
      const response = await kunci.app.inject({
        method: 'OPTIONS',
        url,
        headers: { origin, 'access-control-request-method': method, 'access-control-request-headers': 'authorization,content-type' }
      })
      t.equal(response.statusCode, 204, `${method} from ${origin}`)
      t.equal(response.headers['access-control-allow-origin'], origin)
      t.equal(response.headers['access-control-allow-credentials'], 'true')
      t.ok(String(response.headers['access-control-allow-methods']).split(/, */).includes(method))
      t.same(String(response.headers['access-control-allow-headers']).toLowerCase().split(/, */).sort(), ['authorization', 'content-type'])
    }
  }
})

t.test('no other origin may read anything', async t => {
  for (const origin of foreign) {
    const preflight = await kunci.app.inject({ method: 'OPTIONS', url: '/auth/login', headers: { origin, 'access-control-request-method': 'POST' } })
    const read = await kunci.app.inject({ method: 'GET', url: '/auth/outlets', headers: { origin } })
    const sent = await kunci.app.inject({ method: 'POST', url: '/auth/login', headers: { origin }, payload: { email: 'siti@example.com', password: PASSWORD } })
    for (const { headers } of [preflight, read, sent]) t.notOk('access-control-allow-origin' in headers, origin)
  }
})

t.test('without CORS_ORIGINS nobody on another origin may read anything', async t => {
  const plain = await build(t)
  for (const origin of [...configured, ...foreign]) {
    const preflight = await plain.app.inject({ method: 'OPTIONS', url: '/auth/login', headers: { origin, 'access-control-request-method': 'POST' } })
    const read = await plain.app.inject({ method: 'GET', url: '/auth/outlets', headers: { origin } })
    for (const { headers } of [preflight, read]) t.notOk('access-control-allow-origin' in headers, origin)
    const sent = await plain.app.inject({ method: 'POST', url: '/auth/login', headers: { origin }, payload: { email: 'siti@example.com', password: PASSWORD } })
    t.equal(sent.statusCode, 403, origin)
  }
})

t.test('a proxy may name the port that a browser leaves out', async t => {
  const kunci = await build(t)
  for (const [host, origin, status] of [
    ['shop.example:443', 'https://shop.example', 401],
    ['shop.example:80', 'http://shop.example', 401],
    ['shop.example:80', 'https://shop.example', 403],
    ['shop.example:443', 'https://shop.example:8443', 403]
  ] as const) {
    const response = await kunci.app.inject({ method: 'POST', url: '/auth/login', headers: { host, origin }, payload: { email: 'a@b.example', password: 'x' } })
    t.equal(response.statusCode, status, `${host} ${origin}`)
  }
})
