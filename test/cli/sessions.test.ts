import t from 'tap'
import { login, profile, refresh, refusedSoon, registerVerified } from '../outlet/client.js'
import { buildBeside, cells, json } from './kunci.js'

interface Session {
  id: string
  userId: string
  createdAt: string
  expiresAt: string
}

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36'

t.test('sessions are listed, and ended on a running server', async t => {
  const { server, kunci } = await buildBeside(t)
  await registerVerified(server)
  await registerVerified(server, 'budi@example.com', 'budi')
  const siti = await login(server, 'siti@example.com', undefined, { headers: { 'user-agent': CHROME } })
  server.clock.advance(1)
  const elsewhere = await login(server)
  server.clock.advance(1)
  const budi = await login(server, 'budi@example.com')

  const all = await kunci('sessions', 'list')
  t.same([all.code, all.err], [0, ''])
  t.same(cells(all.out), [
    ['ID', 'USER', 'CONTRACT', 'DEVICE', 'ADDRESS', 'BEGAN', 'LAST USED', 'EXPIRES'],
    ['<id>', '<id>', 'outlet', 'unknown', '127.0.0.1', '<time>', '<time>', '<time>'],
    ['<id>', '<id>', 'outlet', 'unknown', '127.0.0.1', '<time>', '<time>', '<time>'],
    ['<id>', '<id>', 'outlet', 'desktop', '127.0.0.1', '<time>', '<time>', '<time>']
  ])
  const own = json<{ rows: Session[], next: string | null }>(await kunci('sessions', 'list', 'siti', '--json'))
  const [last, first] = own.rows
  t.same(own, {
    rows: [last, {
      userId: first?.userId,
      id: first?.id,
      contract: 'outlet',
      createdAt: first?.createdAt,
      rotatedAt: first?.createdAt,
      expiresAt: first?.expiresAt,
      ip: '127.0.0.1',
      userAgent: CHROME,
      device: 'desktop'
    }],
    next: null
  })
  const part = await kunci('sessions', 'list', '--limit', '2')
  t.equal(part.err, `there is more: --cursor ${last?.id}\n`)
  t.equal(json<{ rows: Session[] }>(await kunci('sessions', 'list', '--limit', '2', '--cursor', last?.id ?? '', '--json')).rows[0]?.id, first?.id)

  t.same(await kunci('sessions', 'revoke', 'siti', first?.id.toUpperCase() ?? ''), { code: 0, out: '1 session of siti@example.com ended.\n', err: '' })
  t.ok(await refusedSoon(server, siti.accessToken))
  t.equal((await refresh(server, siti.cookie)).statusCode, 401)
  t.equal((await profile(server, elsewhere.accessToken)).statusCode, 200)
  const line = 'kunci: the account has no such session, or it has ended: kunci sessions list USER shows those that go on\n'
  t.same(await kunci('sessions', 'revoke', 'siti', first?.id ?? ''), { code: 1, out: '', err: line })
  t.same(await kunci('sessions', 'revoke', 'budi', last?.id ?? ''), { code: 1, out: '', err: line }, 'another account\'s')
  t.same(await kunci('sessions', 'revoke', 'siti', 'all'), { code: 2, out: '', err: 'kunci: SESSION was "all", but takes a UUID\n' })

  t.same(json(await kunci('sessions', 'revoke', 'siti@example.com', '--json')), { id: first?.userId, email: 'siti@example.com', ended: 1 })
  t.ok(await refusedSoon(server, elsewhere.accessToken))
  t.same(await kunci('sessions', 'revoke', 'siti'), { code: 0, out: '0 sessions of siti@example.com ended.\n', err: '' })
  t.equal((await profile(server, budi.accessToken)).statusCode, 200)
})

t.test('an account that is disabled or deleted is refused by a running server, and stays so', async t => {
  const { server, kunci } = await buildBeside(t)
  for (const [name, ...command] of [['siti', 'disable'], ['budi', 'delete', '--yes']]) {
    const email = `${name}@example.com`
    await registerVerified(server, email, name)
    const { accessToken, cookie } = await login(server, email)
    t.equal((await kunci('user', ...command, email)).code, 0)
    t.ok(await refusedSoon(server, accessToken))
    t.equal((await refresh(server, cookie)).statusCode, 401)
    const refused = await server.app.inject({ method: 'POST', url: '/auth/login', payload: { email, password: 'Password123!' } })
    t.same(refused.json(), { status: 401, message: 'Invalid credentials' })
    if (name === 'siti') {
      await kunci('user', 'enable', email)
      t.equal((await profile(server, accessToken)).statusCode, 401, 'no session comes back')
      t.ok((await login(server, email)).accessToken)
    }
  }
})
