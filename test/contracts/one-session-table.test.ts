import t from 'tap'
import { bearer } from '../helper.js'
import { PASSWORD } from '../outlet/client.js'
import { me, type Name, names, refresh } from './clients.js'
import { but, ended, everywhere, owner } from './everywhere.js'

const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1'

t.test('the sessions of all contracts are listed by outlet and member', async t => {
  const { kunci, tokens } = await everywhere(t)
  await kunci.app.inject({ method: 'POST', url: '/signin/auth/signin', headers: { 'user-agent': PHONE }, remoteAddress: '203.0.113.7', payload: { username: 'siti', password: PASSWORD } })
  await refresh(kunci, 'console', tokens.console.refresh)
  const rows = await kunci.sql<Array<{ id: string, user_id: string, contract: Name }>>`select sessions.id, user_id, contract from sessions join users on users.id = user_id where email = ${owner.email} order by sessions.created_at desc, sessions.id desc`
  const days = { outlet: 3, console: 7, donation: 7, member: 1, signin: 7 }
  const BEGUN = '2026-01-05T08:00:00.000Z'
  const LATER = '2026-01-05T08:01:00.000Z'

  t.strictSame((await kunci.app.inject({ url: '/auth/sessions', headers: bearer(tokens.outlet.access) })).json(), {
    status: 200,
    message: 'Get sessions success',
    data: rows.map(({ id, contract }, at) => ({
      id,
      contract,
      device: at === 0 ? 'phone' : 'unknown',
      ip: at === 0 ? '203.0.113.7' : '127.0.0.1',
      userAgent: at === 0 ? PHONE : 'lightMyRequest',
      createdAt: at === 0 ? LATER : BEGUN,
      lastUsedAt: at === 0 || contract === 'console' ? LATER : BEGUN,
      expiresAt: new Date(Date.parse(at === 0 ? LATER : BEGUN) + days[contract] * 24 * 3600_000).toISOString(),
      current: contract === 'outlet'
    }))
  })
  t.strictSame(rows.map(row => row.contract), ['signin', ...names.toReversed()])
  t.strictSame((await me(kunci, 'member', tokens.member.access)).json(), {
    status: 'Success',
    status_code: 200,
    message: 'Sessions retrieved successfully',
    data: rows.map(({ id, user_id: account, contract }, at) => ({
      id,
      revoke: false,
      ip_address: at === 0 ? '203.0.113.7' : '127.0.0.1',
      device: at === 0 ? 'phone' : 'unknown',
      users_id: account,
      created_at: at === 0 ? LATER : BEGUN,
      updated_at: at === 0 || contract === 'console' ? LATER : BEGUN
    }))
  })
})

for (const [asking, prefix] of [['outlet', '/auth'], ['member', '/member/api/auth']] as const) {
  t.test(`the sessions of all contracts are ended from ${asking}, one by one, and nobody else's`, async t => {
    const { kunci, tokens, bystander } = await everywhere(t)
    const end = async (id: string) => (await kunci.app.inject({ method: 'DELETE', url: `${prefix}/sessions/${id}`, headers: bearer(tokens[asking].access) })).statusCode
    const sessions = await kunci.sql<Array<{ id: string, contract: Name, email: string }>>`select sessions.id, contract, email from sessions join users on users.id = user_id`
    for (const { id } of sessions.filter(session => session.email !== owner.email)) t.equal(await end(id), 404)
    const over: Name[] = []
    for (const name of [...but(asking), asking]) {
      const id = sessions.find(session => session.email === owner.email && session.contract === name)?.id ?? ''
      t.equal(await end(id), 200, name)
      over.push(name)
      if (name !== asking) t.equal(await end(id), 404, `${name} again`)
      for (const other of names) t.equal((await me(kunci, other, tokens[other].access)).statusCode, over.includes(other) ? 401 : 200, `${other} when ${name} was ended`)
    }
    await ended(t, kunci, tokens, names)
    t.equal((await me(kunci, 'console', bystander.access)).statusCode, 200)
  })
}

t.test('signing out of one contract leaves the others signed in', async t => {
  const { kunci, tokens } = await everywhere(t)
  const over: Name[] = []
  for (const [name, url] of [['outlet', '/auth/logout'], ['console', '/api/auth/logout'], ['member', '/member/api/auth/logout'], ['signin', '/signin/auth/logout']] as const) {
    t.equal((await kunci.app.inject({ method: 'POST', url, headers: bearer(tokens[name].access) })).statusCode, 200, name)
    over.push(name)
    for (const other of names) t.equal((await me(kunci, other, tokens[other].access)).statusCode, over.includes(other) ? 401 : 200, `${other} without ${name}`)
  }
})
