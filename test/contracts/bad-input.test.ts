import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { bearer, build } from '../helper.js'
import { PASSWORD, registerVerified } from '../outlet/client.js'
import { allTokens, type Name, names, person } from './clients.js'
import { type Endpoint, endpointsOf, requestTo } from './endpoints.js'
import { failure } from './failures.js'

const kunci = await build(t, { CONTRACTS: '' })
const { app, sql } = kunci
const owner = person('siti')
await registerVerified(kunci, owner.email, owner.username)
const tokens = await allTokens(kunci, owner)
const [ids] = await sql<Array<{ number: string, session: string, outlet: string, role: string }>>`
  select users.number, sessions.id as session, outlet_id as outlet, role_id as role from users
  join sessions on sessions.user_id = users.id and contract = 'member' join user_roles on user_roles.user_id = users.id`

/** What makes every request right but for what is put into it: what the account is known by, or what nobody has where that is chosen. */
const right: Readonly<Record<string, unknown>> = { id: ids?.session, id_user: ids?.number, outlet_id: ids?.outlet, role_id: ids?.role, oldPassword: PASSWORD, old_password: PASSWORD, currentPassword: PASSWORD, current_password: PASSWORD, confirmPassword: PASSWORD }
const newcomer = { email: 'new@example.com', username: 'new name' }

const all = (await Promise.all(names.map(async name => await endpointsOf(kunci, name)))).flat()

function valuesFor ({ name, path }: Endpoint): Record<string, unknown> {
  const names = /register|signup|profile/.test(path) ? newcomer : owner
  return { ...right, ...names, ...name === 'console' ? { role_id: 2 } : {} }
}

async function send ({ name }: Endpoint, request: InjectOptions): Promise<LightMyRequestResponse> {
  return await app.inject({ ...request, headers: { ...bearer(tokens[name].access), cookie: `refresh_token=${tokens[name].refresh}`, ...typeof request.payload === 'string' ? { 'content-type': 'application/json' } : {} } })
}

/** Everything that a request may write, but for what failed. */
async function state () {
  return {
    users: await sql`select * from users order by id`,
    roles: await sql`select * from user_roles order by user_id, role_id`,
    sessions: await sql`select * from sessions order by id`,
    tokens: await sql`select * from one_time_tokens order by id`,
    mails: await sql`select id from mail_outbox order by id`,
    events: await sql`select id from audit_events where type <> 'login.failed' order by number`
  }
}

const before = await state()

/** @returns the sentences of a refusal that has exactly the shape of its contract, or undefined for anything else */
function sentencesOf (name: Name, response: LightMyRequestResponse): string[] | undefined {
  const { statusCode: status } = response
  if (status < 400 || status > 499) return undefined
  const body = response.json<{ message: unknown, errors?: unknown }>()
  const list = name === 'signin' ? body.message : body.errors
  const errors = Array.isArray(list) && list.length > 0 && list.every(sentence => typeof sentence === 'string') ? list : undefined
  if (errors === undefined && typeof body.message !== 'string') return undefined
  const expected = failure(name, status, String(body.message), errors).body
  return JSON.stringify(sorted(body)) === JSON.stringify(sorted(expected)) ? errors ?? [String(body.message)] : undefined
}

function sorted (body: object): unknown {
  return Object.entries(body).sort(([one], [other]) => one < other ? -1 : 1)
}

/** What donation's sentences call its fields. */
const labels: Readonly<Record<string, string>> = { email: 'Email', password: 'Password', nama_lengkap: 'Nama lengkap', telp: 'Nomor telepon', role: 'Role', token: 'Token', old_password: 'Password lama', new_password: 'Password baru' }

const required = (name: Name, field: string) => name === 'donation' ? `${labels[field]} harus diisi` : name === 'signin' ? `${field} should not be empty` : `${field} is required`
const mustBeText = (name: Name, field: string) => name === 'donation' ? `${labels[field]} harus berupa teks` : `${field} must be a string`
const mustBeWellFormed = (name: Name, field: string) => name === 'donation' ? `${labels[field]} mengandung karakter yang tidak valid` : `${field} must be valid text`

/** Values as JSON that no field takes that is a text, each with the sentence that says so where it is the same for all of them. */
const bad: Record<string, { json: string, sentence?: (name: Name, field: string) => string }> = {
  ...Object.fromEntries(['7', '0', '-1', '1.5', '1e400', 'true', 'false', 'null', '[]', '["x"]', '{}', '{"$ne":""}', '{"toString":"x"}'].map(json => [json, { json, sentence: mustBeText }])),
  'empty text': { json: '""', sentence: required },
  NUL: { json: '"a\\u0000b"', sentence: mustBeWellFormed },
  'a lone surrogate': { json: '"a\\ud800b"', sentence: mustBeWellFormed },
  'a pair the wrong way round': { json: '"\\udc00\\ud800"', sentence: mustBeWellFormed },
  __proto__object: { json: '{"__proto__":{"isAdmin":true}}', sentence: name => name === 'donation' ? 'Format JSON tidak valid' : 'Malformed JSON' },
  blank: { json: '" "' },
  '30,000 characters': { json: JSON.stringify('a'.repeat(30_000)) },
  '10,000 emoji': { json: JSON.stringify('😀'.repeat(10_000)) }
}

for (const endpoint of all.filter(({ fields }) => fields !== undefined)) {
  const { name, method, path, fields = [] } = endpoint
  const values = valuesFor(endpoint)
  const request = requestTo(endpoint, values)
  const payload = request.payload as Record<string, unknown>
  const bodyWith = (field: string, json: string) => JSON.stringify({ ...payload, [field]: 'HERE' }).replace('"HERE"', () => json)

  t.test(`${method} ${path}: no field takes what it is not for`, async t => {
    for (const { name: field, type } of fields) {
      for (const [what, { json, sentence }] of Object.entries(bad)) {
        const response = await send(endpoint, { ...request, payload: bodyWith(field, json) })
        const sentences = sentencesOf(name, response)
        t.ok(sentences, `${field}: ${what} ${response.statusCode} ${response.body.slice(0, 200)}`)
        if (type === 'string' && sentence !== undefined) t.strictSame(sentences, [sentence(name, field)], `${field}: ${what}`)
        if (type === 'integer' && what !== '__proto__object') t.strictSame(sentences, [what === '7' ? 'Role not found' : `${field} must be a whole number from 1`], `${field}: ${what}`)
      }
    }
  })

  t.test(`${method} ${path}: no field is taken that it does not know`, async t => {
    for (const unknown of ['isAdmin', 'role_ids', 'permissions', 'email_verified_at', 'id', 'status', 'constructor', 'toString', '$where', 'Password', '']) {
      for (const json of ['"x"', 'true', 'null', '{"$ne":""}', '[]']) {
        const body = `${JSON.stringify(payload).slice(0, -1)}${Object.keys(payload).length === 0 ? '' : ','}${JSON.stringify(unknown)}:${json}}`
        const response = await send(endpoint, { ...request, payload: body })
        const sentence = name === 'donation' ? `Field tidak diizinkan: ${unknown}` : name === 'signin' ? `property ${unknown} should not exist` : `${unknown} is not allowed`
        t.equal(response.statusCode, 400, `${unknown}: ${json}`)
        t.strictSame(sentencesOf(name, response), [sentence], `${unknown}: ${json} ${response.body}`)
      }
    }
    t.equal(Reflect.get({}, 'isAdmin'), undefined)
  })
}

const inUrl = ['%00', 'a%00b', '%20', '7'.repeat(30), '-1', '1.5', '1e3', '0x10', 'NaN', '__proto__', 'null', "'%20or%201=1--", '%F0%9F%98%80', 'a'.repeat(400), '%2e%2e%2f', '..%5c', '[object%20Object]', 'undefined']

for (const endpoint of all.filter(({ parameters }) => parameters.length > 0)) {
  const { name, method, path, parameters } = endpoint
  const request = requestTo(endpoint, valuesFor(endpoint))
  t.test(`${method} ${path}: nothing in its URL is taken for what it is not`, async t => {
    for (const parameter of parameters.filter(parameter => parameter.in === 'path')) {
      for (const text of inUrl) {
        const response = await send(endpoint, { ...request, url: path.replace(`{${parameter.name}}`, () => text) })
        t.ok(sentencesOf(name, response), `${parameter.name} ${text} ${response.statusCode} ${response.body.slice(0, 200)}`)
      }
    }
    for (const { name: parameter } of parameters.filter(parameter => parameter.in === 'query')) {
      const isNumber = name === 'donation' && parameter === 'before'
      for (const text of [...inUrl.filter(text => !isNumber || text !== '7'.repeat(30)), '']) {
        const response = await send(endpoint, { ...request, url: `${request.url}?${parameter}=${text}` })
        t.ok(sentencesOf(name, response), `${parameter}=${text} ${response.statusCode} ${response.body.slice(0, 200)}`)
      }
      for (const twice of [`${parameter}=1&${parameter}=2`, `${parameter}=${ids?.session}&${parameter}=${ids?.session}`]) {
        const response = await send(endpoint, { ...request, url: `${request.url}?${twice}` })
        t.equal(response.statusCode, 400, twice)
        t.ok(sentencesOf(name, response), twice)
      }
      const whole = await send(endpoint, request)
      for (const other of [`${parameter}[]=1`, `${parameter}[$ne]=1`, `__proto__[${parameter}]=1`, 'constructor=1&__proto__=1', `${parameter.toUpperCase()}=1`, '&&==&', '%zz=%zz']) {
        const response = await send(endpoint, { ...request, url: `${request.url}?${other}` })
        t.equal(response.statusCode, 200, other)
        t.strictSame(response.json(), whole.json(), `${other} is another parameter, which counts for nothing`)
      }
    }
  })
}

t.test('nothing of this wrote anything, and no line of the log tells of a failure of ours', async t => {
  t.strictSame(await state(), before)
  t.strictSame(kunci.log.flatMap(chunk => chunk.split('\n')).filter(line => line !== '' && JSON.parse(line).level >= 50), [])
})
