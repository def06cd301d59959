import type { InjectOptions } from 'fastify'
import t from 'tap'
import { bearer, build } from '../helper.js'
import { registerVerified } from '../outlet/client.js'
import { allTokens, me, names, type Name, person, wires } from './clients.js'
import { type Endpoint, endpointsOf, requestTo } from './endpoints.js'
import { failed, failing, failure, notFound, rootNotFound } from './failures.js'

const kunci = await build(t, { CONTRACTS: '' })
const { app, sql } = kunci
await registerVerified(kunci)
// So that nothing stands between her and administration.
await sql`update user_roles set role_id = (select id from roles where is_admin)`
const tokens = await allTokens(kunci, person('siti'))

const endpoints: Record<Name, Endpoint[]> = Object.fromEntries(await Promise.all(names.map(async name => [name, [...await endpointsOf(kunci, name), ...name === 'outlet' ? await endpointsOf(kunci, 'admin') : []]])))

/** Sends a body to every endpoint of a contract that is not only read, signed in and with its cookie, so that nothing but the body is wrong. */
async function sendAll (name: Name, body: string | Buffer, contentType = 'application/json') {
  const writing = endpoints[name].filter(({ method }) => method !== 'GET')
  return await Promise.all(writing.map(async endpoint => {
    const { method, url } = requestTo(endpoint)
    const headers = { ...bearer(tokens[name].access), cookie: `refresh_token=${tokens[name].refresh}`, 'content-type': contentType }
    return { at: `${method} ${url}`, response: await app.inject({ method, url, headers, payload: body } as InjectOptions) }
  }))
}

const invalid = (name: Name, english: string, indonesian: string) => name === 'donation' ? failure(name, 400, indonesian) : failure(name, 400, 'Validation failed', [english])

for (const name of names) {
  t.test(`${name}: a body that is no JSON, no UTF-8 or reaches for a prototype is malformed, in its own words`, async t => {
    const bodies = {
      'cut JSON': '{"email":',
      text: 'siti',
      'invalid UTF-8': Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
      'Latin-1': Buffer.from('{"name":"\xe9"}', 'latin1'),
      __proto__key: '{"__proto__":{"isAdmin":true}}',
      'an escaped __proto__': '{"\\u005f_proto__":null}',
      constructor: '{"constructor":{"prototype":{"isAdmin":true}}}'
    }
    for (const [what, body] of Object.entries(bodies)) {
      for (const { at, response } of await sendAll(name, body)) t.strictSame(failed(response), failing(name, 'malformed_body'), `${what} at ${at}`)
    }
    t.equal(Reflect.get({}, 'isAdmin'), undefined)
  })

  t.test(`${name}: a body that is no object is refused, in its own words`, async t => {
    const expected = invalid(name, 'body must be an object', 'Data harus berupa objek JSON')
    for (const body of ['[]', '[{}]', '"siti"', 'null', '7', 'true']) {
      for (const { at, response } of await sendAll(name, body)) t.strictSame(failed(response), expected, `${body} at ${at}`)
    }
  })

  t.test(`${name}: another content type and a body over 64 KiB are refused, in its own words`, async t => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml']) {
      for (const { at, response } of await sendAll(name, 'email=siti@example.com', type)) t.strictSame(failed(response), failing(name, 'unsupported_media_type'), `${type} at ${at}`)
    }
    for (const type of ['application/json', 'text/plain']) {
      for (const { at, response } of await sendAll(name, `"${'a'.repeat(65 * 1024)}"`, type)) t.strictSame(failed(response), failing(name, 'body_too_large'), `${type} at ${at}`)
    }
  })

  t.test(`${name}: an unknown path or method beneath its prefix is not found, in its own words`, async t => {
    const { prefix } = wires[name]
    for (const path of ['', '/', '/nowhere', '/nowhere/', '/..%2f', `${wires[name].me}/x/y`, wires[name].me.toUpperCase(), `/${'a'.repeat(2000)}`]) {
      for (const method of ['GET', 'POST', 'PATCH', 'DELETE', 'PUT'] as const) {
        const response = await app.inject({ method, url: `${prefix}${path}?token=secret`, headers: bearer(tokens[name].access) })
        t.strictSame(failed(response), notFound(name, method, `${prefix}${path}`), `${method} ${path.slice(0, 40)}`)
      }
    }
    const known = new Map<string, string[]>()
    for (const endpoint of endpoints[name]) known.set(endpoint.path, [...known.get(endpoint.path) ?? [], endpoint.method])
    for (const endpoint of endpoints[name]) {
      const { url } = requestTo(endpoint)
      for (const method of (['GET', 'POST', 'PATCH', 'DELETE', 'PUT'] as const).filter(method => known.get(endpoint.path)?.includes(method) !== true)) {
        const response = await app.inject({ method, url, headers: bearer(tokens[name].access) })
        t.strictSame(failed(response), notFound(name, method, url), `${method} ${url}`)
      }
    }
  })

  t.test(`${name}: a URL that cannot be parsed is malformed, in its own words`, async t => {
    const { prefix, me: mine } = wires[name]
    for (const path of ['/%zz', '/%', '/%c3%28', `${mine}/%ff`, '/a/%zz?x=1']) {
      for (const method of ['GET', 'POST', 'PATCH', 'DELETE'] as const) {
        const response = await app.inject({ method, url: `${prefix}${path}` })
        t.strictSame(failed(response), failing(name, 'malformed_url'), `${method} ${path}`)
      }
    }
  })

  t.test(`${name}: no bearer token and a bad one are told apart at every endpoint, in its own words`, async t => {
    for (const endpoint of endpoints[name].filter(endpoint => endpoint.takesAccessToken && endpoint.path !== '/auth/resend/verify')) {
      const { method, url, payload } = requestTo(endpoint)
      const ask = async (headers: Record<string, string>) => failed(await app.inject({ method, url, headers, ...payload === undefined ? {} : { payload } } as InjectOptions))
      for (const authorization of ['', 'Basic c2l0aTpyYWhhc2lh', tokens[name].access]) t.strictSame(await ask({ authorization }), failing(name, 'access_token_required'), `${method} ${url}`)
      t.strictSame(await ask({}), failing(name, 'access_token_required'), `${method} ${url}`)
      for (const token of ['', 'x', 'null', `${tokens[name].access}x`, `${tokens[name].access} x`]) t.strictSame(await ask(bearer(token)), failing(name, 'invalid_access_token'), `${token.slice(-9)} at ${method} ${url}`)
    }
  })
}

t.test('outside of all prefixes the server answers in its own shape', async t => {
  for (const url of ['/', '/nowhere', '/authx', '/auth-x/login', '/donation', '/donation/authx', '/donation/login', '/member', '/member/api', '/member/api/authx', '/api', '/api/authx/me', '/signin', '/signin/profile']) {
    t.strictSame(failed(await app.inject({ url })), rootNotFound, url)
  }
  for (const url of ['/%zz', '/authx/%zz', '/donation/%zz', '/member/api/%zz', '/signin/%zz', '/auth%zz']) {
    t.strictSame(failed(await app.inject({ url })), { status: 400, body: { status: 400, message: 'Malformed URL' } }, url)
  }
})

t.test('nothing of this ended a session', async t => {
  for (const name of names) t.equal((await me(kunci, name, tokens[name].access)).statusCode, 200, name)
})
