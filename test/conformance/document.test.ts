import { isDeepStrictEqual } from 'node:util'
import t from 'tap'
import { ContractDocument, forms, readDocument, withSampleData } from './document.js'

t.test('samples are read from fences and comments, each with its headings and its status', async t => {
  const document = new ContractDocument([
    '# API', '', '## 1.  Login', '', '**POST** `/auth/login`', '', '**Request Body:**', '', '```json', '{ "email": "a@b.c" }', '```', '',
    '<!-- ```json', '{ "left": "out" }', '``` -->', '',
    '- **Sample Response**:', '```json', '{ "status": true, "code": 201 }', '```', '',
    '### Response Error', '', '- **Status Code:** 403 Unauthorized', '', '```json', '{ "status": false }', '```', '',
    '```', 'Authorization: Bearer {token}', '```', '',
    '- **Status Code:** 401 Unauthorized', '', '```json', '{ "status": "false" }', '```', '',
    '- **Method**: `PATCH`', '- **Path**: `auth/profile/{Id}`', '## logout POST /auth/logout',
    '/*json', '{ "list": [1, 2,], "status_code": 200, }', '*/', ''
  ].join('\n'), '/auth')
  t.strictSame(document.endpoints, ['POST /login', 'PATCH /profile/{id}', 'POST /logout'])
  t.strictSame(document.sample(['1. Login', 'Request Body']), { headings: ['API', '1. Login', 'Request Body'], status: 200, body: { email: 'a@b.c' } })
  t.strictSame(document.sample(['1. Login', 'Sample Response']).status, 201)
  t.strictSame(document.sample(['Response Error']), { headings: ['API', '1. Login', 'Response Error'], status: 403, body: { status: false } })
  t.strictSame(document.unused(), ['API > 1. Login > Response Error', 'API > logout POST /auth/logout'])
  t.strictSame(document.sample(['Response Error'], 1), { headings: ['API', '1. Login', 'Response Error'], status: 401, body: { status: 'false' } })
  t.strictSame(document.sample(['logout POST /auth/logout']).body, { list: [1, 2], status_code: 200 })
  t.strictSame(document.unused(), [])
  t.throws(() => document.sample(['Response Error'], 2))
  t.throws(() => document.sample(['Logout']))
})

t.test('every block of JSON in the five documents is a sample', async t => {
  const counts = { outlet: 13, donation: 35, member: 8, console: 8, signin: 11 }
  for (const [contract, count] of Object.entries(counts)) {
    t.equal((await readDocument(contract, '/auth')).unused().length, count, contract)
  }
})

t.test('only what varies may differ from a sample, and only within its form', async t => {
  const sample = { status: 200, message: 'Login Success', data: { id: 1, token: 'JWT', role: null, items: [{ id: 1, at: '2025-05-20T14:30:00.000Z' }] } }
  const varying = { 'data.id': forms.number, 'data.token': forms.jwt, 'data.items.*.at': forms.time }
  const jwt = ['{"alg":"ES256"}', '{"sub":"1"}', 'signature'].map(part => Buffer.from(part).toString('base64url')).join('.')
  const answer = (data: object = {}, rest: object = {}) =>
    ({ status: 200, message: 'Login Success', data: { id: 7, token: jwt, role: null, items: [{ id: 1, at: '2026-01-05T08:00:00.000Z' }], ...data }, ...rest })
  t.strictSame(withSampleData(answer(), sample, varying), sample)

  const { message, ...wordless } = answer()
  t.type(message, 'string')
  const others = {
    'another message': answer({}, { message: 'Login success' }),
    'no message': wordless,
    'a field more': answer({}, { code: 200 }),
    'a field more within': answer({ email: 'a@b.c' }),
    'a field more that is undefined': answer({}, { code: undefined }),
    'a number as text': answer({}, { status: '200' }),
    'an id as text': answer({ id: '7' }),
    'another value that does not vary': answer({ items: [{ id: 2, at: '2026-01-05T08:00:00.000Z' }] }),
    'null for a list': answer({ items: null }),
    'a list for null': answer({ role: [] }),
    'an item more': answer({ items: [...answer().data.items, ...answer().data.items] }),
    'an item less': answer({ items: [] }),
    'a time without milliseconds': answer({ items: [{ id: 1, at: '2026-01-05T08:00:00Z' }] }),
    'a time of another zone': answer({ items: [{ id: 1, at: '2026-01-05T15:00:00.000+07:00' }] }),
    'a token of two parts': answer({ token: jwt.split('.').slice(1).join('.') }),
    'a token of no JSON': answer({ token: 'a.b.c' }),
    "the sample's own token": answer({ token: 'JWT' })
  }
  for (const [what, other] of Object.entries(others)) t.notOk(isDeepStrictEqual(withSampleData(other, sample, varying), sample), what)
})
