import { randomUUID } from 'node:crypto'
import t from 'tap'
import { choices } from '../outlet/client.js'
import { administered } from './client.js'

const { kunci, root } = await administered(t)
const { user } = await choices(kunci)

const people: Array<{ email: string, username?: string, name?: string }> = [
  { email: 'siti.rahayu@toko-makmur.example', username: 'siti_r', name: 'Siti Nur Rahayu' },
  { email: 'budi+news@example.com', username: 'Budi.S', name: "Budi O'Brien-Santoso" },
  { email: 'zoe@example.org', name: 'Zoë Müller' },
  { email: 'number7@example.net', username: 'agent007', name: 'Tujuh 42' },
  { email: 'yang@example.net', name: '王小明' },
  { email: 'hindi@example.in', name: 'हिन्दी नाम' },
  { email: 'thai@example.th', name: 'สวัสดี' },
  { email: 'decomposed@example.fr', name: 'Rene\u0301e' },
  { email: 'sales/north!7@example.net', name: 'a/b c&d <i>e</i> http://f/g?h=i &amp; j' }
]
for (const person of people) await root.ask('POST', '/users', { ...person, role_id: user })

const everybody = ['admin', 'budi', 'decomposed', 'hindi', 'number7', 'sales/north!7', 'siti', 'thai', 'yang', 'zoe']

async function found (search: string): Promise<string[]> {
  const response = await root.ask('GET', `/users?search=${encodeURIComponent(search)}`)
  if (response.statusCode !== 200) throw new Error(`${search}: ${response.statusCode} ${response.body}`)
  return response.json<{ data: Array<{ email: string }> }>().data.map(({ email }) => email.split(/[.@+]/)[0] ?? '').sort()
}

t.test('beginnings of words of the email, username and name are found, in any case and any order', async t => {
  const cases: Record<string, string[]> = {
    siti: ['siti'],
    SITI: ['siti'],
    si: ['siti'],
    s: ['budi', 'sales/north!7', 'siti'],
    rahayu: ['siti'],
    'rahayu siti': ['siti'],
    'Sit Rah': ['siti'],
    siti_r: ['siti'],
    'siti.rahayu@toko-makmur.example': ['siti'],
    'siti.rahayu@toko': ['siti'],
    makmur: ['siti'],
    budi: ['budi'],
    'budi+news': ['budi'],
    "o'brien": ['budi'],
    "O'Brien-San": ['budi'],
    santoso: ['budi'],
    'budi.s': ['budi'],
    ZOË: ['zoe'],
    müll: ['zoe'],
    '007': [],
    agent007: ['number7'],
    agent: ['number7'],
    42: ['number7'],
    王小: ['yang'],
    हिन्दी: ['hindi'],
    हि: ['hindi'],
    สวัส: ['thai'],
    renée: ['decomposed'],
    rené: ['decomposed'],
    'example.net': ['number7', 'sales/north!7', 'yang'],
    example: everybody,
    'sales/north!7@example.net': ['sales/north!7'],
    north: ['sales/north!7'],
    'siti budi': [],
    'siti xyz': [],
    iti: [],
    ahayu: []
  }
  for (const [search, emails] of Object.entries(cases)) t.strictSame(await found(search), emails, search)
})

t.test('whatever else is sent is looked for, and means nothing to the database', async t => {
  const cases: Record<string, string[]> = {
    "siti'": ['siti'],
    "'siti": ['siti'],
    "siti''": ['siti'],
    "'; drop table users; --": [],
    "siti' & 'rahayu": ['siti'],
    'siti & rahayu': ['siti'],
    'siti | budi': [],
    'siti <-> rahayu': ['siti'],
    '!siti': ['siti'],
    'siti:*': ['siti'],
    'siti:AB': [],
    ':*': [],
    '&': [],
    '|': [],
    '()': [],
    "'": [],
    '\\': [],
    "\\'": [],
    'siti\\': ['siti'],
    '%': [],
    _: [],
    '*': [],
    ' ': [],
    '  example \t\n ': everybody,
    '😀': [],
    'siti 😀': ['siti'],
    '\u202esiti': ['siti'],
    '<b>siti</b>': [],
    'a/b c&d <i>e</i> http://f/g?h=i &amp; j': ['sales/north!7'],
    $1: [],
    '{{7*7}}': ['sales/north!7']
  }
  for (const [search, emails] of Object.entries(cases)) t.strictSame(await found(search), emails, JSON.stringify(search))
  t.equal((await kunci.sql`select id from users`).length, 10)
})

t.test('a text that is none is refused, and so is a long one', async t => {
  for (const [search, error] of [
    ['%00', 'search must be valid text'],
    ['si%00ti', 'search must be valid text'],
    ['', 'search is required'],
    ['a'.repeat(201), 'search must be at most 200 characters'],
    ['a'.repeat(1000), 'search must be at most 200 characters'],
    ['%F0%9F%98%80'.repeat(201), 'search must be at most 200 characters']
  ] as const) {
    const response = await root.ask('GET', `/users?search=${search}`)
    t.equal(response.statusCode, 400)
    t.strictSame(response.json(), { status: 400, message: 'Validation failed', errors: [error] }, search.slice(0, 20))
  }
  t.equal((await root.ask('GET', '/users?search=siti&search=budi')).statusCode, 400)
})

t.test('as long as may be, in few words or many, it is answered', async t => {
  for (const search of ['a'.repeat(200), '王'.repeat(200), '𠀀'.repeat(200), "'".repeat(200), 'é'.repeat(200)]) t.strictSame(await found(search), [], search.slice(0, 4))
})

t.test('accounts are listed by their ids, those that there are', async t => {
  const idsOf = async (query: string) => (await root.ask('GET', `/users${query}`)).json<{ data: Array<{ id: string, email: string }> }>().data
  const [last, previous] = await idsOf('?limit=2')
  const ids = [previous?.id.toUpperCase(), randomUUID(), last?.id].join(',')
  t.strictSame((await idsOf(`?ids=${ids}`)).map(({ email }) => email), [last?.email, previous?.email])
  t.strictSame((await idsOf(`?ids=${ids}&search=${previous?.email ?? ''}`)).map(({ email }) => email), [previous?.email])
  const many = Array.from({ length: 101 }, () => randomUUID())
  t.same(await idsOf(`?ids=${many.slice(1).join(',')}`), [])
  for (const refused of [many.join(','), 'x', `${ids},`, `${ids}, ${ids}`]) {
    const response = await root.ask('GET', `/users?ids=${refused}`)
    t.same(response.json(), { status: 400, message: 'Validation failed', errors: ['ids must be at most 100 UUIDs, separated by commas'] })
  }
})
