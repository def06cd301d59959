import { randomUUID } from 'node:crypto'
import t from 'tap'
import { cells, json, newCommandLine, runProcess, newEnvironment, run } from './kunci.js'

t.test('names that look like options are taken behind --', async t => {
  const env = await newEnvironment(t)
  const kunci = async (...args: string[]) => await run(env, args)
  t.equal((await kunci('user', 'create', '--username', '--json', '--name=-h', '--', '--help@example.com')).code, 0)
  t.equal((await kunci('role', 'create', '--', '--yes')).code, 0)
  t.equal((await kunci('outlet', 'create', '--', '-V')).code, 0)
  t.equal((await kunci('user', 'create', 'siti@example.com', '--outlet', '-V', '--role', '--yes')).code, 0)
  t.same(cells((await kunci('user', 'list')).out).slice(1), [
    ['<id>', 'siti@example.com', '-', '-', '-V', '--yes', 'unverified', '<time>'],
    ['<id>', '--help@example.com', '--json', '-h', '-', 'user', 'unverified', '<time>']
  ])
  t.match(json(await kunci('user', 'show', '--json', '--', '--json')), { email: '--help@example.com' })
  t.same(await kunci('role', 'grant', '--primary', '--', '--json', '--yes'), { code: 0, out: '--help@example.com has --yes (primary), user.\n', err: '' })
  t.equal((await kunci('events', '--user', '--json')).code, 0)
  t.same(await runProcess(env, ['user', 'disable', '--', '--help@example.com']), { code: 0, out: '--help@example.com is disabled, and has no session any more.\n', err: '' })
  t.same(await kunci('user', 'delete', '--yes', '--', '--json'), { code: 0, out: '--help@example.com is deleted.\n', err: '' })
})

t.test('a name that is also an id is not guessed at', async t => {
  const kunci = await newCommandLine(t)
  const { id } = json<{ id: string }>(await kunci('user', 'create', 'siti@example.com', '--json'))
  t.equal((await kunci('user', 'create', 'mallory@example.com', '--username', id)).code, 0)
  for (const command of [['show'], ['disable'], ['delete', '--yes']]) {
    t.same(await kunci('user', ...command, id), { code: 1, out: '', err: `kunci: "${id}" is the id of one account and the username of another: name it by its email\n` })
  }
  t.equal((await kunci('user', 'disable', 'mallory@example.com')).code, 0)

  const { rows: [role] } = json<{ rows: Array<{ id: string }> }>(await kunci('role', 'list', '--json'))
  await kunci('role', 'create', role?.id.toUpperCase() ?? '')
  t.same(await kunci('role', 'grant', 'siti@example.com', role?.id ?? ''), { code: 1, out: '', err: `kunci: "${role?.id}" is the id of one role and the name of another\n` })
  const { rows: [outlet] } = json<{ rows: Array<{ id: string }> }>(await kunci('outlet', 'list', '--json'))
  await kunci('outlet', 'create', outlet?.id ?? '')
  t.same(await kunci('user', 'create', 'budi@example.com', '--outlet', outlet?.id ?? ''), { code: 1, out: '', err: `kunci: "${outlet?.id}" is the id of one outlet and the name of another\n` })
})

t.test('what can be nobody\'s name is nobody', async t => {
  const kunci = await newCommandLine(t)
  await kunci('user', 'create', 'siti@example.com', '--username', 'siti')
  for (const name of ['', ' ', '%', "' or true --", 'si', '\u212a', 'siti@example.com\u0000', 'x'.repeat(100_000), randomUUID(), '1']) {
    const { code, out, err } = await kunci('user', 'disable', name)
    t.same([code, out], [1, ''])
    t.match(err, /^kunci: no account has the email, username or id ".*"\n$/)
  }
  t.same(await kunci('user', 'show', 'x\n\u001b[2J\u009b'), { code: 1, out: '', err: 'kunci: no account has the email, username or id "x\\n\\u001b[2J\\u009b"\n' })
  t.equal(json<{ disabledAt: null }>(await kunci('user', 'show', 'siti', '--json')).disabledAt, null)
})
