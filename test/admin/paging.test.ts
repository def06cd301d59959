import t, { type Test } from 'tap'
import { choices, login, registerVerified } from '../outlet/client.js'
import { administered, type Person } from './client.js'

const { kunci, root } = await administered(t)
const { sql } = kunci
const { user } = await choices(kunci)
await registerVerified(kunci)

/** Reads a list to its end, three rows at a time, while something is added after each part. */
async function readAll (t: Test, { ask }: Person, path: string, adding: () => Promise<unknown>): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | null = null
  do {
    const response = await ask('GET', `${path}${path.includes('?') ? '&' : '?'}limit=3${cursor === null ? '' : `&cursor=${cursor}`}`)
    t.equal(response.statusCode, 200)
    const { data, next } = response.json<{ data: Array<{ id: string }>, next: string | null }>()
    t.ok(data.length > 0 && data.length <= 3)
    if (next !== null) t.equal(data.length, 3)
    ids.push(...data.map(row => row.id))
    cursor = next
    await adding()
  } while (cursor !== null)
  return ids
}

async function idsOf (rows: Promise<ReadonlyArray<{ id: string }>>): Promise<string[]> {
  return (await rows).map(row => row.id)
}

let made = 0
const addAccount = async () => await root.ask('POST', '/users', { email: `added${++made}@example.com`, role_id: user })
const addInvitation = async () => await root.ask('POST', '/invitations', { email: `guest${++made}@example.com`, role_id: user })
const addSession = async () => await login(kunci, 'siti@example.com')

interface List {
  path: string
  add: () => Promise<unknown>
  /** what the list holds, by hand */
  held: () => Promise<string[]>
}

const [siti] = await sql<Array<{ id: string }>>`select id from users where username = 'siti'`
const lists: Record<string, List> = {
  accounts: { path: '/users', add: addAccount, held: async () => await idsOf(sql`select id from users order by number desc`) },
  'accounts that are searched for': { path: '/users?search=added%20example', add: addAccount, held: async () => await idsOf(sql`select id from users where email like 'added%' order by number desc`) },
  sessions: { path: '/sessions', add: addSession, held: async () => await idsOf(sql`select id from sessions order by id desc`) },
  'sessions of an account': { path: `/sessions?user_id=${siti?.id ?? ''}`, add: addSession, held: async () => await idsOf(sql`select id from sessions where user_id = ${siti?.id ?? ''} order by id desc`) },
  invitations: { path: '/invitations', add: addInvitation, held: async () => await idsOf(sql`select id from invitations order by id desc`) },
  // The clock stands still: many events bear the same time.
  events: { path: '/events', add: addSession, held: async () => await idsOf(sql`select id from audit_events order by created_at desc, number desc`) },
  'events of an account': { path: `/events?user_id=${siti?.id ?? ''}`, add: addSession, held: async () => await idsOf(sql`select id from audit_events where user_id = ${siti?.id ?? ''} order by number desc`) },
  'events of a type': { path: '/events?type=session.started', add: addSession, held: async () => await idsOf(sql`select id from audit_events where type = 'session.started' order by created_at desc, number desc`) },
  'events of a time': { path: '/events?from=2026-01-05T07:00:00Z&to=2026-01-05T09:00:00Z', add: addSession, held: async () => await idsOf(sql`select id from audit_events order by created_at desc, number desc`) }
}

for (const [name, { path, add, held }] of Object.entries(lists)) {
  t.test(`${name} are read part by part without a gap and none twice, also while more come`, async t => {
    for (let count = 0; count < 8; count++) await add()
    const before = await held()
    t.ok(before.length >= 8)
    t.strictSame(await readAll(t, root, path, add), before)
  })

  t.test(`${name}: a part that holds all of the rest is the last one`, async t => {
    const all = await held()
    const cursor = await cursorAfter(path, all.length - 2)
    const ask = async (limit: number, cursor: string) => {
      const { data, next } = (await root.ask('GET', `${path}${path.includes('?') ? '&' : '?'}limit=${limit}&cursor=${cursor}`)).json()
      return { ids: data.map((row: { id: string }) => row.id), next }
    }
    for (const limit of [2, 3, 100]) t.strictSame(await ask(limit, cursor), { ids: all.slice(-2), next: null })
    const one = await ask(1, cursor)
    t.strictSame(one.ids, all.slice(-2, -1))
    t.strictSame(await ask(1, one.next), { ids: all.slice(-1), next: null })
  })
}

/** @returns the cursor that goes on after so many rows */
async function cursorAfter (path: string, rows: number): Promise<string> {
  let cursor = ''
  for (let rest = rows; rest > 0; rest -= 100) {
    const response = await root.ask('GET', `${path}${path.includes('?') ? '&' : '?'}limit=${Math.min(rest, 100)}${cursor === '' ? '' : `&cursor=${cursor}`}`)
    cursor = response.json().next
  }
  return cursor
}

t.test('fifty are shown where no limit is named', async t => {
  for (let count = 0; count < 51; count++) await addInvitation()
  for (const path of ['/users', '/invitations']) {
    while ((await root.ask('GET', `${path}?limit=100`)).json().data.length <= 50) await addAccount()
    const { data, next } = (await root.ask('GET', path)).json()
    t.equal(data.length, 50)
    t.type(next, 'string')
  }
})

t.test('a cursor goes on where its row has been, also when that row is gone', async t => {
  const { data, next } = (await root.ask('GET', '/users?limit=3')).json()
  const following = (await root.ask('GET', `/users?limit=3&cursor=${next}`)).json().data
  await root.ask('DELETE', `/users/${data[2].id}`)
  t.strictSame((await root.ask('GET', `/users?limit=3&cursor=${next}`)).json().data, following)
})
