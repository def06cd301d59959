import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import postgres from 'postgres'
import t from 'tap'
import { endOf, newEnvironment, run, startApart } from './kunci.js'

/** Every command, by the words that call it; what its help says beneath it is asked for in turn. */
async function commandsBelow (...path: string[]): Promise<Array<{ path: string[], help: string }>> {
  const { code, out: help, err } = await run({}, [...path, '--help'])
  t.same([code, err], [0, ''], path.join(' '))
  const names = [...(help.split('Commands:\n')[1] ?? '').matchAll(/^ {2}([a-z-]+)/gm)].map(found => found[1] ?? '').filter(name => name !== 'help')
  if (names.length === 0) return [{ path, help }]
  const below = []
  for (const name of names) below.push(...await commandsBelow(...path, name))
  return below
}

t.test('every command has help with an example of it, and takes --json', async t => {
  const commands = await commandsBelow()
  t.same(commands.map(({ path }) => path.join(' ')), [
    'migrate',
    'user create', 'user show', 'user list', 'user disable', 'user enable', 'user reset-password', 'user delete', 'user import',
    'role list', 'role create', 'role grant', 'role revoke',
    'outlet list', 'outlet create',
    'sessions list', 'sessions revoke',
    'keys list', 'keys rotate',
    'events',
    'mail list', 'mail show', 'mail retry',
    'doctor'
  ])
  for (const { path, help } of commands) {
    t.match(help, new RegExp(`\n\nExamples?:\n  kunci ${path.join(' ')}\\b`), path.join(' '))
    t.match(help, /\n {2}--json +as one JSON document\n/, path.join(' '))
  }
})

t.test('what a command does not take is said in one line, which leads to its help', async t => {
  const wrong: Array<[args: string[], line: string]> = [
    [['spin'], "unknown command 'spin': see kunci --help"],
    [['keys', 'spin'], "unknown command 'spin': see kunci keys --help"],
    [['user', 'lst'], "unknown command 'lst' (Did you mean list?): see kunci user --help"],
    [['user', 'show'], "missing required argument 'user': see kunci user show --help"],
    [['user', 'show', 'siti', 'budi'], "too many arguments for 'show'. Expected 1 argument but got 2: see kunci user show --help"],
    [['user', 'create', 'siti@example.com', '--password', 'Rahasia-1'], "unknown option '--password': see kunci user create --help"],
    [['events', '--user'], "option '--user <user>' argument missing: see kunci events --help"],
    [['user', 'list', '--\u001b[2J'], "unknown option '--\\u001b[2J': see kunci user list --help"],
    [['user', 'list', '--limit', '0'], '--limit was "0", but takes a whole number from 1 to 1000'],
    [['user', 'list', '--limit', '1001'], '--limit was "1001", but takes a whole number from 1 to 1000'],
    [['user', 'list', '--limit', '1e2'], '--limit was "1e2", but takes a whole number from 1 to 1000'],
    [['user', 'list', '--cursor', '0'], '--cursor was "0", but takes what the part before named as the next'],
    [['sessions', 'list', '--cursor', 'siti'], '--cursor was "siti", but takes what the part before named as the next'],
    [['mail', 'list', '--cursor', `${'x'.repeat(100)}`], `--cursor was "${'x'.repeat(80)}…", but takes what the part before named as the next`],
    [['user', 'delete', 'siti'], 'this asks on a terminal whether it shall be done, and here is none: give --yes']
  ]
  const env = await newEnvironment(t)
  for (const [args, line] of wrong) t.same(await run(env, args), { code: 2, out: '', err: `kunci: ${line}\n` })
  for (const args of [[], ['user'], ['mail']]) {
    const { code, out, err } = await run(env, args)
    t.same([code, out], [2, ''])
    t.match(err, new RegExp(`^Usage: ${['kunci', ...args].join(' ')} \\[options\\] \\[command\\]\n`))
  }
})

t.test('as a process it ends with the same lines and codes', async t => {
  const env = await newEnvironment(t)
  const apart = async (env: Record<string, string>, args: readonly string[]) => await endOf(startApart(env, args))
  const version = await apart({}, ['--version'])
  t.match(version, { code: 0, out: /^\d+\.\d+\.\d+\n$/, err: '' })
  t.match(await apart(env, ['outlet', 'list']), { code: 0, out: /^ID .*\n.* Main Outlet /, err: '' })
  t.same(await apart(env, ['user', 'show', 'nobody']), { code: 1, out: '', err: 'kunci: no account has the email, username or id "nobody"\n' })
  t.same(await apart(env, ['keys', 'spin']), { code: 2, out: '', err: "kunci: unknown command 'spin': see kunci keys --help\n" })
  t.same(await apart({ ...env, PORT: 'x' }, ['keys', 'list']), { code: 1, out: '', err: 'kunci: PORT was "x", but takes a whole number from 0 to 65535\n' })
})

t.test('a reader that has seen enough is no error, and a full disk is one', async t => {
  const env = await newEnvironment(t)
  const sql = postgres(env['DATABASE_URL'] ?? '', { max: 1 })
  await sql`insert into users (id, email, created_at, updated_at) select gen_random_uuid(), 'user' || n || '@example.com', now(), now() from generate_series(1, 1000) n`
  await sql.end()
  // More than a pipe holds: it is still writing when the reader goes.
  const shell = async (line: string) => await promisify(execFile)('bash', ['--norc', '-o', 'pipefail', '-c', line, process.execPath], { env: { PATH: process.env['PATH'], ...env } })
  t.match(await shell('"$0" build/src/cli.js user list --limit 1000 | head -n 1'), { stdout: /^ID .*\n$/, stderr: '' })
  await t.rejects(shell('"$0" build/src/cli.js role list > /dev/full'), { code: 1, stdout: '', stderr: 'kunci: the output cannot be written (ENOSPC)\n' })
})

t.test('a database that cannot be used is told in one line, without its credentials', async t => {
  const env = await newEnvironment(t)
  const url = new URL(env['DATABASE_URL'] ?? '')
  const place = url.host
  const ask = async (change: Partial<URL>) => await run({ ...env, DATABASE_URL: Object.assign(new URL(url), change).href }, ['user', 'list'])
  t.same(await ask({ port: '1', password: 'geheim' }), { code: 1, out: '', err: 'kunci: the database at 127.0.0.1:1 cannot be used: nothing listens there (ECONNREFUSED)\n' })
  t.same(await ask({ pathname: '/nowhere' }), { code: 1, out: '', err: `kunci: the database at ${place} cannot be used: it has no database of that name (3D000)\n` })

  const sql = postgres(url.href, { max: 1, onnotice: () => {} })
  await sql`alter table users rename column email to address`
  await sql.end()
  t.same(await run(env, ['user', 'show', 'siti@example.com']), { code: 1, out: '', err: `kunci: the database at ${place} cannot be used: 42703\n` }, 'no statement and no parameter')
})
