import fc from 'fast-check'
import t from 'tap'
import { bearer, build } from '../helper.js'
import { choices, login, PASSWORD, profile, refresh, registerVerified } from './client.js'

const kunci = await build(t)
const { app, sql } = kunci
const { outlet, user } = await choices(kunci)
await registerVerified(kunci)

interface Endpoint {
  method: 'POST' | 'PATCH'
  url: string
  /** its fields, in the document's order */
  fields: Record<string, string>
  /** those that may be left out; all others are required */
  optional?: readonly string[]
  /** what it answers to a good bearer token and cookie without any body */
  withoutBody: { status: number, errors?: string[] }
}

const NEW = 'Rahasia-baru 7'
const required = (...fields: string[]) => ({ status: 400, errors: fields.map(field => `${field} is required`) })

const endpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    url: '/auth/register',
    fields: { email: 'dewi@example.com', username: 'dewi', password: PASSWORD, confirmPassword: PASSWORD, outlet_id: outlet, role_id: user },
    withoutBody: required('email', 'username', 'password', 'confirmPassword', 'outlet_id', 'role_id')
  },
  { method: 'POST', url: '/auth/login', fields: { email: 'siti@example.com', password: PASSWORD }, withoutBody: required('email', 'password') },
  { method: 'POST', url: '/auth/refresh', fields: {}, withoutBody: { status: 200 } },
  { method: 'POST', url: '/auth/logout', fields: {}, withoutBody: { status: 200 } },
  { method: 'POST', url: '/auth/verify', fields: { token: 'token' }, withoutBody: required('token') },
  { method: 'POST', url: '/auth/resend/verify', fields: { email: 'siti@example.com' }, optional: ['email'], withoutBody: { status: 200 } },
  { method: 'POST', url: '/auth/password/forgot', fields: { email: 'siti@example.com' }, withoutBody: required('email') },
  { method: 'POST', url: '/auth/password/reset', fields: { token: 'token', password: NEW, confirmPassword: NEW }, withoutBody: required('token', 'password', 'confirmPassword') },
  { method: 'PATCH', url: '/auth/password', fields: { oldPassword: PASSWORD, newPassword: NEW }, withoutBody: required('oldPassword', 'newPassword') },
  {
    method: 'PATCH',
    url: '/auth/profile',
    fields: { username: 'siti too', email: 'new@example.com', currentPassword: PASSWORD },
    optional: ['username', 'email', 'currentPassword'],
    withoutBody: { status: 400, errors: ['body must have something to change'] }
  },
  { method: 'POST', url: '/auth/logout/all', fields: {}, withoutBody: { status: 200 } }
]

const session = await login(kunci)

/** Asks as somebody who is signed in, so that nothing but the body is wrong. */
async function send ({ method, url }: { method: 'POST' | 'PATCH' | 'DELETE', url: string }, body: string | Buffer | undefined, contentType: string | undefined = 'application/json', signedIn = session) {
  return await app.inject({
    method,
    url,
    headers: {
      ...bearer(signedIn.accessToken),
      cookie: `refresh_token=${signedIn.cookie}`,
      ...contentType === '' ? {} : { 'content-type': contentType }
    },
    ...body === undefined ? {} : { payload: body }
  })
}

const invalid = (...errors: string[]) => ({ status: 400, message: 'Validation failed', errors })

/** Everything that any of these endpoints may change. */
async function state () {
  return {
    users: await sql`select * from users`,
    sessions: await sql`select * from sessions`,
    tokens: await sql`select * from one_time_tokens`,
    events: await sql`select id from audit_events order by number`,
    mails: await sql`select id from mail_outbox order by id`
  }
}

const before = await state()

t.test('a body that is no JSON is malformed', async t => {
  const good = '{"email":"siti@example.com","password":"Password123!"}'
  const bodies = ['{', '{"email":', good.slice(0, -1), `${good}}`, `${good}${good}`, "{'email':'x'}", '{"email":"x",}', '{email:"x"}', '// {}', '{"email":"\n"}', 'undefined', 'NaN', 'siti', ' ', '<email/>', '{"a":"\\x41"}', '\u0000']
  for (const endpoint of endpoints) {
    for (const body of bodies) {
      const response = await send(endpoint, body)
      t.equal(response.statusCode, 400, `${endpoint.url} ${JSON.stringify(body)}`)
      t.same(response.json(), { status: 400, message: 'Malformed JSON' })
      t.same(response.cookies, [])
    }
  }
})

t.test('bytes that are no UTF-8 are malformed', async t => {
  const sequences = { 'a lone continuation': [0x80], 'an unfinished character': [0xc3], 'an overlong slash': [0xc0, 0xaf], 'a surrogate': [0xed, 0xa0, 0x80], 'Latin-1': [0xe9], 'UTF-16': [0xff, 0xfe] }
  for (const endpoint of endpoints) {
    for (const [name, bytes] of Object.entries(sequences)) {
      const response = await send(endpoint, Buffer.concat([Buffer.from('{"email":"siti'), Buffer.from(bytes), Buffer.from('"}')]))
      t.equal(response.statusCode, 400, `${endpoint.url} ${name}`)
      t.same(response.json(), { status: 400, message: 'Malformed JSON' })
    }
  }
})

t.test('a body that is no object is refused', async t => {
  for (const endpoint of endpoints) {
    for (const body of ['null', '[]', '[{}]', '"siti"', '""', '7', '0', 'true', 'false', '[["email","siti@example.com"]]']) {
      const response = await send(endpoint, body)
      t.equal(response.statusCode, 400, `${endpoint.url} ${body}`)
      t.same(response.json(), invalid('body must be an object'), `${endpoint.url} ${body}`)
      t.same(response.cookies, [])
    }
  }
})

t.test('another content type is not supported', async t => {
  const bodies: Array<[string, string]> = [
    ['text/plain', '{}'],
    ['text/json', '{}'],
    ['application/xml', '<email/>'],
    ['application/x-www-form-urlencoded', 'email=siti@example.com&password=Password123!'],
    ['multipart/form-data; boundary=x', '--x--'],
    ['application/octet-stream', '{}'],
    ['application/vnd.api+json', '{}'],
    ['application/jsonx', '{}'],
    ['json', '{}']
  ]
  for (const endpoint of endpoints) {
    for (const [contentType, body] of bodies) {
      const response = await send(endpoint, body, contentType)
      t.equal(response.statusCode, 415, `${endpoint.url} ${contentType}`)
      t.same(response.json(), { status: 415, message: 'Unsupported media type' })
      t.same(response.cookies, [])
    }
  }
})

t.test('a body over 64 KiB is too large', async t => {
  const limit = 64 * 1024
  const sized = (bytes: number) => `{"x":"${'a'.repeat(bytes - 8)}"}`
  t.equal(sized(limit).length, limit)
  for (const endpoint of endpoints) {
    const fits = await send(endpoint, sized(limit))
    t.equal(fits.statusCode, 400, endpoint.url)
    t.ok(fits.json().errors.includes('x is not allowed'), endpoint.url)
    for (const response of [await send(endpoint, sized(limit + 1)), await send(endpoint, sized(limit * 16)), await send(endpoint, 'a'.repeat(limit + 1), 'text/plain')]) {
      t.equal(response.statusCode, 413, endpoint.url)
      t.same(response.json(), { status: 413, message: 'Payload too large' })
    }
  }
})

t.test('every field is named that is missing, in the order of the document', async t => {
  for (const endpoint of endpoints.filter(({ withoutBody }) => withoutBody.errors !== undefined)) {
    const response = await send(endpoint, '{}')
    t.equal(response.statusCode, 400, endpoint.url)
    t.same(response.json(), invalid(...endpoint.withoutBody.errors ?? []), endpoint.url)
  }
  for (const endpoint of endpoints) {
    for (const field of Object.keys(endpoint.fields).filter(name => endpoint.optional?.includes(name) !== true)) {
      const response = await send(endpoint, JSON.stringify({ ...endpoint.fields, [field]: undefined }))
      t.equal(response.statusCode, 400, `${endpoint.url} without ${field}`)
      t.same(response.json(), invalid(`${field} is required`))
    }
  }
})

t.test('every field is named that is wrong, in the order of the document, unknown ones last', async t => {
  for (const endpoint of endpoints) {
    const names = Object.keys(endpoint.fields)
    const wrong = Object.fromEntries([['zzz', 1], ...names.toReversed().map(name => [name, 7])])
    const response = await send(endpoint, JSON.stringify(wrong))
    t.equal(response.statusCode, 400, endpoint.url)
    t.same(response.json(), invalid(...names.map(name => `${name} must be a string`), 'zzz is not allowed'), endpoint.url)
  }
})

t.test('nothing stands for a string but a string', async t => {
  for (const endpoint of endpoints) {
    for (const field of Object.keys(endpoint.fields)) {
      for (const value of [7, 0, 1.5, true, false, null, [], [endpoint.fields[field]], {}, { $ne: '' }, { toString: 'x' }, { length: 8 }]) {
        const response = await send(endpoint, JSON.stringify({ ...endpoint.fields, [field]: value }))
        t.equal(response.statusCode, 400, `${endpoint.url} ${field} ${JSON.stringify(value)}`)
        t.same(response.json(), invalid(`${field} must be a string`), `${endpoint.url} ${field} ${JSON.stringify(value)}`)
      }
    }
  }
})

t.test('NUL and half a character are in no text', async t => {
  for (const endpoint of endpoints) {
    for (const [field, value] of Object.entries(endpoint.fields)) {
      for (const escape of ['\\u0000', '\\ud800', '\\udc00', '\\udc00\\ud800']) {
        for (const text of [`${escape}${value}`, `${value}${escape}`, `${value.slice(0, 3)}${escape}${value.slice(3)}`, escape]) {
          const body = JSON.stringify({ ...endpoint.fields, [field]: 'HERE' }).replace('HERE', () => text)
          const response = await send(endpoint, body)
          t.equal(response.statusCode, 400, `${endpoint.url} ${field} ${text}`)
          t.same(response.json(), invalid(`${field} must be valid text`), `${endpoint.url} ${field} ${text}`)
        }
      }
    }
  }
})

t.test('a field that is not known is refused by its name', async t => {
  const names = ['isAdmin', 'role', 'permissions', 'email_verified_at', 'id', 'refresh_token', 'access_token', 'status', 'Email', 'email ', 'toString', 'hasOwnProperty', 'constructor', 'prototype', '0', 'a/b', 'a~1b', 'a"b', '字段']
  for (const endpoint of endpoints) {
    for (const name of names) {
      for (const value of ['x', true, null, { $ne: '' }]) {
        const response = await send(endpoint, JSON.stringify({ ...endpoint.fields, [name]: value }))
        t.equal(response.statusCode, 400, `${endpoint.url} ${name}`)
        t.same(response.json(), invalid(`${name} is not allowed`), `${endpoint.url} ${name}`)
      }
    }
    const several = await send(endpoint, JSON.stringify({ ...endpoint.fields, isAdmin: true, id: 1 }))
    t.same(several.json(), invalid('isAdmin is not allowed', 'id is not allowed'), endpoint.url)
  }
})

t.test('keys that reach for prototypes are refused and change none', async t => {
  const tails = [
    '"__proto__":{"isAdmin":true}',
    '"__proto__":null',
    '"\\u005f_proto__":{"isAdmin":true}',
    '"constructor":{"prototype":{"isAdmin":true}}',
    '"constructor":null',
    '"x":{"__proto__":{"isAdmin":true}}',
    '"x":[{"constructor":{"prototype":{"isAdmin":true}}}]'
  ]
  for (const endpoint of endpoints) {
    const fields = Object.entries(endpoint.fields).map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
    for (const tail of tails) {
      for (const body of [`{${[...fields, tail].join(',')}}`, `{${[tail, ...fields].join(',')}}`, `{${tail}}`]) {
        const response = await send(endpoint, body)
        t.equal(response.statusCode, 400, `${endpoint.url} ${tail}`)
        t.match(response.json(), { status: 400, message: /^(?:Malformed JSON|Validation failed)$/ })
      }
    }
  }
  t.equal(Reflect.get({}, 'isAdmin'), undefined)
  t.notOk(Object.hasOwn(Object.prototype, 'isAdmin'))
})

t.test('nothing of this changed anything', async t => {
  t.same(await state(), before)
  t.equal((await profile(kunci, session.accessToken)).statusCode, 200)
  t.equal((await refresh(kunci, session.cookie)).statusCode, 200)
})

t.test('an empty body is none, whatever content type it claims', async t => {
  for (const endpoint of endpoints) {
    const { status, errors } = endpoint.withoutBody
    for (const contentType of ['', 'application/json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/octet-stream', 'undefined', ';']) {
      for (const body of [undefined, '']) {
        const response = await send(endpoint, body, contentType, endpoint.url.startsWith('/auth/logout') ? await login(kunci) : session)
        t.equal(response.statusCode, status, `${endpoint.url} ${contentType}`)
        if (errors !== undefined) t.same(response.json(), invalid(...errors), `${endpoint.url} ${contentType}`)
      }
    }
  }
  for (const contentType of ['', 'application/json', 'text/plain', 'undefined', ';']) {
    const current = await login(kunci)
    const list = await app.inject({ method: 'GET', url: '/auth/sessions', headers: bearer(current.accessToken) })
    const { id } = list.json<{ data: Array<{ id: string, current: boolean }> }>().data.find(listed => listed.current) ?? {}
    const response = await send({ method: 'DELETE', url: `/auth/sessions/${id}` }, '', contentType, current)
    t.equal(response.statusCode, 200, `DELETE ${contentType}`)
    t.same(response.json(), { status: 200, message: 'Session revoked' }, `DELETE ${contentType}`)
  }
})

t.test('a JSON content type may have parameters', async t => {
  for (const contentType of ['application/json; charset=utf-8', 'application/json;charset=UTF-8', 'Application/JSON']) {
    const response = await app.inject({ method: 'POST', url: '/auth/login', headers: { 'content-type': contentType }, payload: JSON.stringify({ email: 'siti@example.com', password: PASSWORD }) })
    t.equal(response.statusCode, 200, contentType)
  }
})

t.test('what is not there is not found', async t => {
  const NOT_FOUND = { status: 404, message: 'Not found' }
  const requests: Array<[string, string]> = [
    ['GET', '/auth'], ['GET', '/auth/'], ['GET', '/auth/nothing'], ['POST', '/auth/login/'], ['POST', '/auth/LOGIN'], ['POST', '/auth//login'],
    ['POST', '/auth/login%2f'], ['GET', '/auth/../etc/passwd'], ['GET', '/auth/profile/1'], ['GET', '/auth/%00'], ['GET', '/auth/admin'],
    ['DELETE', '/auth/sessions'], ['DELETE', '/auth/sessions/a/b'], ['GET', `/auth/${'a'.repeat(5000)}`],
    // A known path by another method
    ['GET', '/auth/register'], ['GET', '/auth/login'], ['PUT', '/auth/login'], ['PATCH', '/auth/login'], ['DELETE', '/auth/login'], ['GET', '/auth/refresh'],
    ['GET', '/auth/logout'], ['DELETE', '/auth/logout'], ['POST', '/auth/profile'], ['PUT', '/auth/profile'], ['DELETE', '/auth/profile'], ['GET', '/auth/verify'],
    ['GET', '/auth/resend/verify'], ['GET', '/auth/password/forgot'], ['GET', '/auth/password/reset'], ['POST', '/auth/password'], ['PUT', '/auth/password'],
    ['POST', '/auth/sessions'], ['POST', '/auth/history'], ['POST', '/auth/outlets'], ['POST', '/auth/roles']
  ]
  for (const [method, url] of requests) {
    const response = await app.inject({ method: method as 'GET', url })
    t.equal(response.statusCode, 404, `${method} ${url.slice(0, 60)}`)
    t.same(response.json(), NOT_FOUND, `${method} ${url.slice(0, 60)}`)
  }
})

t.test('a URL that cannot be parsed is malformed', async t => {
  for (const url of ['/auth/%zz', '/auth/%', '/auth/%c3%28', '/auth/%ff', '/auth/sessions/%zz', '/auth/login/%e0%a4%a']) {
    for (const method of ['GET', 'POST', 'DELETE'] as const) {
      const response = await app.inject({ method, url })
      t.equal(response.statusCode, 400, `${method} ${url}`)
      t.same(response.json(), { status: 400, message: 'Malformed URL' }, `${method} ${url}`)
    }
  }
})

t.test('whatever is sent, the server never fails', async t => {
  const values = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.jsonValue(), fc.emailAddress(), fc.uuid(), fc.constantFrom(PASSWORD, NEW, 'siti', 'siti@example.com'))
  for (const [index, endpoint] of endpoints.entries()) {
    // What gets through may change the account or end its session.
    await registerVerified(kunci, `any${index}@example.com`, `any${index}`)
    const signedIn = await login(kunci, `any${index}@example.com`)
    const names = fc.oneof(fc.constantFrom('email', ...Object.keys(endpoint.fields)), fc.string({ maxLength: 12 }))
    const bodies = fc.oneof(
      fc.json(),
      fc.dictionary(names, values, { maxKeys: 8 }).map(fields => JSON.stringify(fields)),
      fc.dictionary(fc.constantFrom('?', ...Object.keys(endpoint.fields)), values).map(fields => JSON.stringify({ ...endpoint.fields, ...fields }).replace('"?":', '"y":')),
      fc.string({ unit: 'binary' })
    )
    await fc.assert(fc.asyncProperty(bodies, async body => {
      const response = await send(endpoint, body, 'application/json', signedIn)
      const answer = response.json()
      return response.statusCode < 500 && (response.statusCode === 200 || answer.status === response.statusCode)
    }), { numRuns: 40 })
    t.pass(endpoint.url)
  }
})

t.test('no line of the log tells of a failure of ours', async t => {
  const lines = kunci.log.flatMap(chunk => chunk.split('\n')).filter(line => line !== '')
  t.ok(lines.length > 1000)
  t.same(lines.map(line => JSON.parse(line)).filter(({ level }) => level >= 50), [])
})
