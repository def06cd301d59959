import postgres from 'postgres'
import t from 'tap'
import { cells, json, newEnvironment, run } from './kunci.js'

interface Event {
  id: string
  number: number
  userId: string
  createdAt: string
  type: string
}

t.test('events are listed, by account, type and time, and those of the command line say so', async t => {
  const env = await newEnvironment(t)
  const kunci = async (...args: string[]) => await run(env, args)
  const { id } = json<{ id: string }>(await kunci('user', 'create', 'siti@example.com', '--json'))
  await kunci('user', 'create', 'budi@example.com')
  await kunci('user', 'disable', 'siti@example.com')
  await kunci('outlet', 'create', 'Toko Satu')
  await kunci('role', 'grant', 'siti@example.com', 'volunteer')

  const all = await kunci('events')
  t.same([all.code, all.err], [0, ''])
  const details = (text: string) => text.replace(/"id":"[\da-f-]+"/, '"id":"<id>"')
  t.same(cells(details(all.out)), [
    ['TIME', 'TYPE', 'USER', 'BY', 'REASON', 'CONTRACT', 'ADDRESS', 'DETAILS'],
    ['<time>', 'account.roles_changed', '<id>', 'command line', '-', '-', '-', '{"roles":[{"name":"user","isActive":true,"isPrimary":true},{"name":"volunteer","isActive":true,"isPrimary":false}]}'],
    ['<time>', 'outlet.created', '-', 'command line', '-', '-', '-', '{"id":"<id>","name":"Toko Satu","registration":"open"}'],
    ['<time>', 'account.disabled', '<id>', 'command line', '-', '-', '-', '-'],
    ['<time>', 'account.created', '<id>', 'command line', '-', '-', '-', '-'],
    ['<time>', 'account.created', '<id>', 'command line', '-', '-', '-', '-']
  ])
  const list = async (...args: string[]) => json<{ rows: Event[], next: string | null }>(await kunci('events', '--json', ...args))
  const own = await list('--user', 'siti@example.com', '--type', 'account.created')
  const [created] = own.rows
  t.same(own, {
    rows: [{
      number: created?.number,
      id: created?.id,
      type: 'account.created',
      contract: null,
      userId: id,
      sessionId: null,
      reason: 'command line',
      tokenKind: null,
      actorId: null,
      details: null,
      ip: null,
      userAgent: null,
      createdAt: created?.createdAt
    }],
    next: null
  })
  const types = (rows: Event[]) => rows.map(row => row.type)
  const { rows } = await list()
  const outletMade = rows[1]?.createdAt ?? ''
  t.same(types((await list('--from', outletMade)).rows), ['account.roles_changed', 'outlet.created'])
  t.same(types((await list('--to', outletMade)).rows), ['account.disabled', 'account.created', 'account.created'])
  t.same((await list('--from', '1970-01-01', '--to', '2026-01-05T08:00+07:00')).rows, [])
  const part = await list('--limit', '3')
  t.same((await list('--limit', '3', '--cursor', part.next ?? '')).rows, rows.slice(3))
  const partOfOwn = await list('--user', id, '--limit', '2')
  t.same((await list('--user', id, '--limit', '2', '--cursor', partOfOwn.next ?? '')).rows, [created])

  await kunci('user', 'delete', 'siti@example.com', '--yes')
  t.same(types((await list('--user', id.toUpperCase())).rows), ['account.deleted', 'account.roles_changed', 'account.disabled', 'account.created'], 'events outlive their account')
})

t.test('what strangers put into an event moves no terminal', async t => {
  const env = await newEnvironment(t)
  const sql = postgres(env['DATABASE_URL'] ?? '', { max: 1 })
  // A C1 control sequence introducer, as a header may bring it, and letters that turn the reading direction.
  await sql`insert into audit_events (id, type, user_agent, reason, details, created_at) values (gen_random_uuid(), 'login.failed', ${'\u009b2J'}, ${'\u001b[31m\u202e'}, ${sql.json({ name: '\u009b1m\n' })}, now())`
  await sql.end()
  const plain = await run(env, ['events'])
  t.same(cells(plain.out)[1], ['<time>', 'login.failed', '-', '-', '\\u001b[31m\\u202e', '-', '-', '{"name":"\\u009b1m\\n"}'])
  const document = await run(env, ['events', '--json'])
  t.notMatch(plain.out + document.out, /[^\n\x20-\x7e]/)
  t.match(json<{ rows: Event[] }>(document).rows, [{ userAgent: '\u009b2J', reason: '\u001b[31m\u202e', details: { name: '\u009b1m\n' } }])
})

t.test('what no event can be asked for by is said', async t => {
  const env = await newEnvironment(t)
  const takes = 'but takes a time such as 2026-01-05T08:00:00Z, or a day such as 2026-01-05, which begins at 00:00 UTC\n'
  for (const time of ['yesterday', '2026-02-30', '2026-01-05T08:00', '0000-01-01', '2026-13-01', '2026-01-05T08:00:00+99:99']) {
    t.same(await run(env, ['events', '--from', time]), { code: 2, out: '', err: `kunci: --from was "${time}", ${takes}` })
  }
  t.match(await run(env, ['events', '--type', 'login']), { code: 2, out: '', err: /^kunci: --type was "login", but takes one of account\.changed, .*, token\.refused\n$/ })
  for (const cursor of ['1', '99999999999999.1', '1.0', 'x.1']) {
    t.same(await run(env, ['events', '--cursor', cursor]), { code: 2, out: '', err: `kunci: --cursor was "${cursor}", but takes what the part before named as the next\n` })
  }
  t.same(await run(env, ['events', '--cursor', '1767225600000.1', '--json']), { code: 0, out: '{"rows":[],"next":null}\n', err: '' })
})
