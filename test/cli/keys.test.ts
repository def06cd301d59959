import t from 'tap'
import { build } from '../helper.js'
import { cells, json, newEnvironment, run } from './kunci.js'

interface Key {
  kid: string
  algorithm: string
  signsFrom: string
  state: string
}

t.test('keys are listed and rotated, and a running server publishes the next one', async t => {
  const server = await build(t)
  const env = await newEnvironment(t, server.databaseUrl)
  const first = server.app.keys.current().kid
  t.same(await run(env, ['keys', 'list']), {
    code: 0,
    out: `KID                                   ALGORITHM  SIGNS FROM                STATE\n${first}  ES256      2026-01-05T08:00:00.000Z  signs\n`,
    err: ''
  })
  for (const [args, seconds] of [[[], 660], [['--now'], 8]] as const) {
    const before = Date.now()
    const rotated = await run(env, ['keys', 'rotate', '--json', ...args])
    t.same([rotated.code, rotated.err], [0, ''])
    const key = json<Key>(rotated)
    t.same(key, { kid: key.kid, algorithm: 'ES256', signsFrom: key.signsFrom, state: 'next' })
    t.ok(new Date(key.signsFrom).getTime() >= before + seconds * 1000)
    await server.app.keys.reload()
    const { keys } = (await server.app.inject('/.well-known/jwks.json')).json<{ keys: Array<{ kid: string }> }>()
    t.ok(keys.some(({ kid }) => kid === key.kid))
  }
  const listed = json<{ rows: Key[], next: null }>(await run(env, ['keys', 'list', '--json']))
  t.same(listed, { rows: listed.rows, next: null })
  t.same(listed.rows.map(({ kid, state }) => [kid === first, state]), [[true, 'signs'], [false, 'next'], [false, 'next']])
  const plain = await run(env, ['keys', 'rotate'])
  t.match(plain, { code: 0, out: /^The next key signs from \S{24}: [\da-f-]{36}\n$/, err: '' })
  t.same(cells((await run(env, ['keys', 'list'])).out).length, 5)
})

t.test('keys that the secret does not open are told', async t => {
  const env = await newEnvironment(t)
  t.equal((await run(env, ['keys', 'rotate'])).code, 0)
  t.same(await run({ ...env, AUTH_SECRET: 'quite another secret of thirty-two bytes' }, ['keys', 'list']), {
    code: 1, out: '', err: 'kunci: AUTH_SECRET opens none of the stored signing keys: give the secret that this database was set up with (a comma-separated list may hold old and new)\n'
  })
})
