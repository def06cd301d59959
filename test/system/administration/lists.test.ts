import { randomUUID } from 'node:crypto'
import { drizzle } from 'drizzle-orm/postgres-js'
import postgres from 'postgres'
import t, { type Test } from 'tap'
import { listAccounts, listEvents, listLiveSessions } from '../../../src/domain/administration/lists.js'
import { createDatabase } from '../../helper.js'

const ACCOUNTS = 100_000
const EVENTS = 1_000_000
const SESSIONS = 200_000

/** The most pages of 8 KiB that a list may touch: some tens of milliseconds' work. The tables have some 20,000. */
const MOST_PAGES = 6000

interface Plan {
  'Node Type': string
  'Relation Name'?: string
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  Plans?: Plan[]
}

async function largeDatabase (t: Test) {
  const url = await createDatabase(t)
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  const id = (kind: number, number: string) => `(lpad(to_hex(${kind}), 8, '0') || '-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`
  await sql.unsafe(`
    insert into users (id, email, username, name, email_verified_at, created_at, updated_at)
    select ${id(1, 'n')}, 'user' || n || '@example' || n % 10 || '.com', 'user' || n, (array['Siti', 'Budi', 'Agus', 'Dewi', 'Rina'])[n % 5 + 1] || ' ' || (array['Aminah', 'Santoso', 'Wijaya', 'Lestari'])[n % 4 + 1] || ' ' || n, now(), now(), now()
    from generate_series(1, ${ACCOUNTS}) n`)
  await sql.unsafe(`
    insert into user_roles (user_id, role_id, status, is_primary, created_at, updated_at)
    select users.id, roles.id, true, true, now(), now() from users, roles where roles.is_default`)
  await sql.unsafe(`
    insert into sessions (user_id, id, contract, generation, created_at, rotated_at, expires_at, revoked_at, device)
    select ${id(1, `n % ${ACCOUNTS} + 1`)}, ${id(2, 'n')}, 'outlet', 1, now(), now(), now() + case when n % 3 = 0 then interval '-1 day' else interval '1 day' end, case when n % 2 = 0 then now() end, 'desktop'
    from generate_series(1, ${SESSIONS}) n`)
  // One account has a twentieth of all events.
  await sql.unsafe(`
    insert into audit_events (id, type, contract, user_id, created_at)
    select ${id(3, 'n')}, (array['session.rotated', 'session.rotated', 'session.rotated', 'session.started', 'login.failed'])[n % 5 + 1], 'outlet',
      ${id(1, `case when n % 20 = 0 then 7 else n % ${ACCOUNTS} + 1 end`)}, '2026-01-01'::timestamptz + n * interval '10 seconds'
    from generate_series(1, ${EVENTS}) n`)
  await sql.unsafe("insert into audit_events (id, type, created_at) values (gen_random_uuid(), 'role.changed', '2026-01-02')")
  await sql.unsafe('vacuum analyze')
  const asked: Array<{ query: string, params: unknown[] }> = []
  const db = drizzle(sql, { casing: 'snake_case', logger: { logQuery: (query, params) => { asked.push({ query, params }) } } })
  t.teardown(async () => { await sql.end() })
  return { db, sql, asked, busy: '00000001-0000-7000-8000-000000000007' }
}

t.test(`with ${ACCOUNTS} accounts and ${EVENTS} events every list touches few pages, by an index`, async t => {
  const { db, sql, asked, busy } = await largeDatabase(t)
  const first = { limit: 50 }
  const now = new Date()
  const day = (number: number) => new Date(Date.UTC(2026, 0, number))
  const lists: Record<string, () => Promise<{ rows: unknown[], next: string | null }>> = {
    accounts: async () => await listAccounts(db, {}, first),
    'accounts, deep': async () => await listAccounts(db, {}, { limit: 50, cursor: '500' }),
    'accounts by a rare word': async () => await listAccounts(db, { search: 'user99999' }, first),
    'accounts by a common word': async () => await listAccounts(db, { search: 'siti' }, first),
    'accounts by a letter': async () => await listAccounts(db, { search: 'u' }, first),
    'accounts by two words': async () => await listAccounts(db, { search: 'Siti lest' }, first),
    'accounts by a common word, deep': async () => await listAccounts(db, { search: 'siti' }, { limit: 50, cursor: '1000' }),
    'accounts by id': async () => await listAccounts(db, { ids: [busy, ...Array.from({ length: 99 }, () => randomUUID())] }, first),
    'accounts by what none has': async () => await listAccounts(db, { search: 'siti zz' }, first),
    'accounts by a domain': async () => await listAccounts(db, { search: 'example7' }, first),
    sessions: async () => await listLiveSessions(db, {}, first, now),
    'sessions of one': async () => await listLiveSessions(db, { accountId: busy }, first, now),
    events: async () => await listEvents(db, {}, first),
    'events, deep': async () => await listEvents(db, {}, { limit: 50, cursor: `${day(3).getTime()}.20000` }),
    'events of a rare type': async () => await listEvents(db, { type: 'role.changed' }, first),
    'events of a type that none has': async () => await listEvents(db, { type: 'outlet.created' }, first),
    'events of a type in a time': async () => await listEvents(db, { type: 'login.failed', from: day(40), to: day(41) }, first),
    'events in a time': async () => await listEvents(db, { from: day(20), to: day(21) }, first),
    'events of the busiest': async () => await listEvents(db, { accountId: busy }, first),
    'events of the busiest in a time': async () => await listEvents(db, { accountId: busy, from: day(2), to: day(3) }, first),
    'events of the busiest of a rare type': async () => await listEvents(db, { accountId: busy, type: 'role.changed' }, first)
  }
  for (const [name, list] of Object.entries(lists)) {
    await list()
    asked.length = 0
    const began = performance.now()
    const { rows } = await list()
    const took = performance.now() - began
    const plans = await Promise.all(asked.splice(0).map(async ({ query, params }) => {
      const [explained] = await sql.unsafe(`explain (analyze, buffers, format json) ${query}`, params as string[])
      return (explained?.['QUERY PLAN'] as [{ Plan: Plan }])[0].Plan
    }))
    const pages = plans.reduce((sum, plan) => sum + plan['Shared Hit Blocks'] + plan['Shared Read Blocks'], 0)
    t.comment(`${name}: ${rows.length} rows, ${pages} pages, ${took.toFixed(1)} ms`)
    t.ok(pages < MOST_PAGES, name)
    t.same(plans.flatMap(scannedWhole).filter(table => !mayBeCommon.has(name) || table !== 'users'), [], name)
  }
})

/** Where most rows are what is looked for, the first ones of the table are as good as an index. */
const mayBeCommon = new Set(['accounts by a common word', 'accounts by a letter', 'accounts by a domain', 'accounts by a common word, deep'])

/** @returns the large tables that a plan reads from one end */
function scannedWhole (plan: Plan): string[] {
  const own = plan['Node Type'] === 'Seq Scan' && ['users', 'sessions', 'audit_events'].includes(plan['Relation Name'] ?? '') ? [plan['Relation Name'] ?? ''] : []
  return [...own, ...(plan.Plans ?? []).flatMap(scannedWhole)]
}
