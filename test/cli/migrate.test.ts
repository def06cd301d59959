import { readdir, readFile } from 'node:fs/promises'
import postgres from 'postgres'
import t, { type Test } from 'tap'
import { createDatabase } from '../helper.js'
import { json, newEnvironment, run } from './kunci.js'

const names = (await readdir('drizzle')).filter(name => name.endsWith('.sql')).map(name => name.replace('.sql', '')).sort()

/** A database without any table. */
async function emptyDatabase (t: Test): Promise<Record<string, string>> {
  const env = await newEnvironment(t, await createDatabase(t))
  await onSql(env, async sql => { await sql`drop schema public, drizzle cascade` })
  await onSql(env, async sql => { await sql`create schema public` })
  return env
}

async function onSql<Result> (env: Record<string, string>, work: (sql: postgres.Sql) => Promise<Result>): Promise<Result> {
  const sql = postgres(env['DATABASE_URL'] ?? '', { max: 1, onnotice: () => {} })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}

t.test('a dry run prints the SQL that is to come and changes nothing; then it runs', async t => {
  const env = await emptyDatabase(t)
  const dry = await run(env, ['migrate', '--dry-run'])
  t.same([dry.code, dry.err], [0, ''])
  t.same(dry.out.match(/^-- 0.*$/gm), names.map(name => `-- ${name}`))
  const lines = dry.out.split('\n').map(line => line.trim()).filter(line => line !== '')
  for (const name of names) {
    const statements = (await readFile(`drizzle/${name}.sql`, 'utf8')).replaceAll('--> statement-breakpoint', '\n')
    for (const line of statements.split('\n').map(line => line.trim()).filter(line => line !== '')) t.ok(lines.includes(line), line)
  }
  t.same(await onSql(env, async sql => await sql`select from pg_namespace where nspname = 'drizzle'`), [])
  t.same(await onSql(env, async sql => await sql`select from pg_class where relnamespace = 'public'::regnamespace`), [])

  // What was printed can be run as it stands.
  const elsewhere = await emptyDatabase(t)
  await onSql(elsewhere, async sql => { await sql.unsafe(dry.out) })
  t.same([...await onSql(elsewhere, async sql => await sql`select name from roles order by number`)], [{ name: 'admin' }, { name: 'user' }, { name: 'volunteer' }])

  t.same(await run(env, ['migrate']), { code: 0, out: `${names.map(name => `${name} was applied.\n`).join('')}The database has the newest schema.\n`, err: '' })
  t.same(await run(env, ['migrate']), { code: 0, out: 'The database has the newest schema.\n', err: '' })
  t.same(await run(env, ['migrate', '--dry-run']), { code: 0, out: '-- nothing: the database has the newest schema\n', err: '' })
  t.same(json(await run(env, ['migrate', '--json'])), { applied: [] })
  t.same(json(await run(env, ['migrate', '--dry-run', '--json'])), { pending: [] })
})

t.test('a database that is behind is neither migrated nor used by a command that was asked for something else', async t => {
  const env = await emptyDatabase(t)
  const line = (count: string) => `kunci: ${count} to come on this database: run kunci migrate first (--dry-run shows what it would do)\n`
  t.same(await run(env, ['user', 'list']), { code: 1, out: '', err: line(`${names.length} migrations are`) })
  t.same(json<{ applied: string[] }>(await run(env, ['migrate', '--json'])).applied, names)
  await onSql(env, async sql => { await sql`delete from drizzle.__drizzle_migrations where created_at = (select max(created_at) from drizzle.__drizzle_migrations)` })
  t.same(await run(env, ['role', 'list']), { code: 1, out: '', err: line('1 migration is') })
  const pending = json<{ pending: Array<{ name: string, statements: string[] }> }>(await run(env, ['migrate', '--dry-run', '--json'])).pending
  t.same(pending.map(({ name }) => name), names.slice(-1))
  t.ok(pending[0]?.statements.every(statement => statement !== ''))
})

t.test('of several that migrate at once each migration runs in one', async t => {
  const env = await emptyDatabase(t)
  const ended = await Promise.all([1, 2, 3].map(async () => await run(env, ['migrate', '--json'])))
  t.same(ended.map(({ code }) => code), [0, 0, 0])
  t.same(ended.flatMap(end => json<{ applied: string[] }>(end).applied).sort(), names)
})

t.test('what stands in the way is said in one line', async t => {
  t.same(await run({ PORT: 'x' }, ['migrate']), { code: 1, out: '', err: 'kunci: PORT was "x", but takes a whole number from 0 to 65535\n' })
  t.same(await run({ DATABASE_URL: 'postgres://nobody:geheim@127.0.0.1:1/kunci' }, ['migrate']), { code: 1, out: '', err: 'kunci: the database at 127.0.0.1:1 cannot be used: nothing listens there (ECONNREFUSED)\n' })
})
