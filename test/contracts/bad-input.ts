import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import type { Kunci } from '../helper.js'
import type { Name } from './clients.js'
import { type Endpoint, requestTo } from './endpoints.js'
import { failure } from './failures.js'

/** Everything that a request may write, but for what failed. */
async function state ({ sql }: Kunci) {
  return {
    users: await sql`select * from users order by id`,
    grants: await sql`select * from user_roles order by user_id, role_id`,
    roles: await sql`select * from roles order by id`,
    outlets: await sql`select * from outlets order by id`,
    invitations: await sql`select * from invitations order by id`,
    sessions: await sql`select * from sessions order by id`,
    tokens: await sql`select * from one_time_tokens order by id`,
    mails: await sql`select id from mail_outbox order by id`,
    events: await sql`select id from audit_events where type <> 'login.failed' order by number`
  }
}

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

/** What is right where it is asked for, by the field's name or its type. */
const fitting: Readonly<Record<string, readonly string[]>> = { boolean: ['true', 'false'], null: ['null'], permissions: ['[]', '["x"]'] }

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

const inUrl = ['%00', 'a%00b', '%20', '7'.repeat(30), '-1', '1.5', '1e3', '0x10', 'NaN', '__proto__', 'null', "'%20or%201=1--", '%F0%9F%98%80', 'a'.repeat(400), '%2e%2e%2f', '..%5c', '[object%20Object]', 'undefined']

export interface Asked {
  kunci: Kunci
  endpoints: readonly Endpoint[]
  /** what makes a request right but for what is put into it, by the names of fields and parameters */
  valuesFor: (endpoint: Endpoint) => Record<string, unknown>
  /** what signs it in */
  headersFor: (endpoint: Endpoint) => Record<string, string>
}

/** Sends every endpoint what it is not for, each field and parameter by itself, and asserts that it is refused in its contract's words. */
export async function refusesBadInput (t: Test, { kunci, endpoints, valuesFor, headersFor }: Asked): Promise<void> {
  const before = await state(kunci)

  async function send (endpoint: Endpoint, request: InjectOptions): Promise<LightMyRequestResponse> {
    return await kunci.app.inject({ ...request, headers: { ...headersFor(endpoint), ...typeof request.payload === 'string' ? { 'content-type': 'application/json' } : {} } })
  }

  for (const endpoint of endpoints.filter(({ fields }) => fields !== undefined)) {
    const { name, method, path, fields = [] } = endpoint
    const values = valuesFor(endpoint)
    const request = requestTo(endpoint, values)
    const payload = request.payload as Record<string, unknown>
    const bodyWith = (field: string, json: string) => JSON.stringify({ ...payload, [field]: 'HERE' }).replace('"HERE"', () => json)

    t.test(`${method} ${path}: no field takes what it is not for`, async t => {
      for (const { name: field, type } of fields) {
        const fits = [field, type].flat().flatMap(name => fitting[name] ?? [])
        for (const [what, { json, sentence }] of Object.entries(bad).filter(([, { json }]) => !fits.includes(json))) {
          const response = await send(endpoint, { ...request, payload: bodyWith(field, json) })
          const sentences = sentencesOf(name, response)
          t.ok(sentences, `${field}: ${what} ${response.statusCode} ${response.body.slice(0, 200)}`)
          if (type === 'string' && sentence !== undefined) t.strictSame(sentences, [sentence(name, field)], `${field}: ${what}`)
          if (type === 'integer' && what !== '__proto__object') t.strictSame(sentences, [what === '7' ? 'Role not found' : `${field} must be a whole number from 1`], `${field}: ${what}`)
        }
      }
    })

    t.test(`${method} ${path}: no field is taken that it does not know`, async t => {
      const unknowns = ['isAdmin', 'is_admin', 'role_ids', 'permissions', 'email_verified_at', 'id', 'status', 'constructor', 'toString', '$where', 'Password', '']
      for (const unknown of unknowns.filter(unknown => !fields.some(field => field.name === unknown))) {
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

  for (const endpoint of endpoints.filter(({ parameters }) => parameters.length > 0)) {
    const { name, method, path, parameters } = endpoint
    const values = valuesFor(endpoint)
    const request = requestTo(endpoint, values)
    const id = String(values['id'])
    t.test(`${method} ${path}: nothing in its URL is taken for what it is not`, async t => {
      for (const parameter of parameters.filter(parameter => parameter.in === 'path')) {
        for (const text of inUrl) {
          const response = await send(endpoint, { ...request, url: path.replace(`{${parameter.name}}`, () => text) })
          t.ok(sentencesOf(name, response), `${parameter.name} ${text} ${response.statusCode} ${response.body.slice(0, 200)}`)
        }
      }
      for (const { name: parameter } of parameters.filter(parameter => parameter.in === 'query')) {
        const isNumber = name === 'donation' && parameter === 'before'
        // What is searched for may be any text.
        const isFree = parameter === 'search' || parameter === 'type'
        for (const text of [...inUrl.filter(text => !isNumber || text !== '7'.repeat(30)), '']) {
          const response = await send(endpoint, { ...request, url: `${request.url}?${parameter}=${text}` })
          t.ok(sentencesOf(name, response) ?? (isFree && response.statusCode === 200), `${parameter}=${text} ${response.statusCode} ${response.body.slice(0, 200)}`)
        }
        for (const twice of [`${parameter}=1&${parameter}=2`, `${parameter}=${id}&${parameter}=${id}`]) {
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
    t.strictSame(await state(kunci), before)
    t.strictSame(kunci.log.flatMap(chunk => chunk.split('\n')).filter(line => line !== '' && JSON.parse(line).level >= 50), [])
  })
}
