import { randomUUID } from 'node:crypto'
import t from 'tap'
import { failed } from '../contracts/failures.js'
import { login, profile, refresh, registerVerified } from '../outlet/client.js'
import { administered, personWho, signedIn } from './client.js'

const { kunci, root } = await administered(t)
const { clock, sql } = kunci
await registerVerified(kunci)

t.test('live sessions are listed, of all accounts or of one, the latest begun first', async t => {
  clock.advance(60)
  await login(kunci, 'siti@example.com', 'Password123!', { headers: { 'user-agent': 'curl/8.11.0' }, remoteAddress: '203.0.113.7' })
  const siti = await signedIn(kunci, 'siti@example.com')
  const begun = clock.now
  clock.advance(60)
  const refreshed = await refresh(kunci, siti.cookie)
  t.equal(refreshed.statusCode, 200)
  const ids = (await sql<Array<{ id: string }>>`select id from sessions order by id desc`).map(row => row.id)
  const at = (from: Date, seconds: number) => new Date(from.getTime() + seconds * 1000).toISOString()
  const begins = (from: Date) => ({ contract: 'outlet', createdAt: at(from, 0), lastUsedAt: at(from, 0), expiresAt: at(from, 3 * 24 * 3600) })
  const [ofSiti, byCurl, ofRoot] = [
    { id: ids[0], userId: siti.id, device: 'unknown', ip: '127.0.0.1', userAgent: 'lightMyRequest', ...begins(begun), lastUsedAt: at(begun, 60) },
    { id: ids[1], userId: siti.id, device: 'unknown', ip: '203.0.113.7', userAgent: 'curl/8.11.0', ...begins(begun) },
    { id: ids[2], userId: root.id, device: 'unknown', ip: '127.0.0.1', userAgent: 'lightMyRequest', ...begins(new Date(begun.getTime() - 60_000)) }
  ]
  const all = await root.ask('GET', '/sessions')
  t.equal(all.statusCode, 200)
  t.strictSame(all.json(), { status: 200, message: 'Get sessions success', data: [ofSiti, byCurl, ofRoot], next: null })
  t.strictSame((await root.ask('GET', `/sessions?user_id=${siti.id}`)).json().data, [ofSiti, byCurl])
  t.strictSame((await root.ask('GET', `/sessions?user_id=${randomUUID()}`)).json(), { status: 200, message: 'Get sessions success', data: [], next: null })
})

t.test('one session is ended, or all of an account; the others go on', async t => {
  const [first, second, third] = [await signedIn(kunci, 'siti@example.com'), await signedIn(kunci, 'siti@example.com'), await signedIn(kunci, 'siti@example.com')]
  const [newest] = (await root.ask('GET', `/sessions?user_id=${first.id}`)).json().data
  const one = await root.ask('DELETE', `/users/${first.id}/sessions/${newest.id.toUpperCase()}`)
  t.equal(one.statusCode, 200)
  t.strictSame(one.json(), { status: 200, message: 'Session ended' })
  t.equal((await profile(kunci, third.accessToken)).statusCode, 401)
  t.equal((await refresh(kunci, third.cookie)).statusCode, 401)
  t.equal((await profile(kunci, second.accessToken)).statusCode, 200)
  const again = await root.ask('DELETE', `/users/${first.id}/sessions/${newest.id}`)
  t.strictSame(failed(again), { status: 404, body: { status: 404, message: 'Session not found' } })

  const live = (await root.ask('GET', `/sessions?user_id=${first.id}`)).json().data.length
  const all = await root.ask('DELETE', `/users/${first.id}/sessions`)
  t.equal(all.statusCode, 200)
  t.strictSame(all.json(), { status: 200, message: 'Sessions ended', data: { ended: live } })
  for (const { accessToken, cookie } of [first, second]) {
    t.equal((await profile(kunci, accessToken)).statusCode, 401)
    t.equal((await refresh(kunci, cookie)).statusCode, 401)
  }
  t.strictSame((await root.ask('DELETE', `/users/${first.id}/sessions`)).json(), { status: 200, message: 'Sessions ended', data: { ended: 0 } })
  t.equal((await root.ask('GET', '/users')).statusCode, 200)
})

t.test('a session is ended under its own account alone', async t => {
  await signedIn(kunci, 'siti@example.com')
  const [session] = (await root.ask('GET', '/sessions')).json().data
  const response = await root.ask('DELETE', `/users/${root.id}/sessions/${session.id}`)
  t.strictSame(failed(response), { status: 404, body: { status: 404, message: 'Session not found' } })
})

t.test('whoever manages sessions may end those of an administrator too: it gives no power, and an emergency does not wait', async t => {
  const guard = await personWho(kunci, 'guard', 'sessions.manage')
  t.strictSame((await guard.ask('DELETE', `/users/${root.id}/sessions`)).json(), { status: 200, message: 'Sessions ended', data: { ended: 1 } })
  t.equal((await root.ask('GET', '/users')).statusCode, 401)
})
