import { type AddressInfo, connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import t from 'tap'
import { away } from '../contracts/away.js'
import { bearer, build } from '../helper.js'
import { login, profile, registerVerified } from '../outlet/client.js'
import { byInjection, events, failures, foreign, holderOf, logged, signedOut, written } from './refusals.js'

t.test('a table that is locked keeps no answer waiting; what it keeps waiting is bounded, the rest counted', async t => {
  const kunci = await build(t)
  const { accessToken } = await signedOut(kunci)
  const tokens = Array.from({ length: 520 }, () => foreign(kunci, accessToken))
  const statuses = new Set<number>()
  await kunci.sql.begin(async sql => {
    await sql`lock table audit_events in access exclusive mode`
    for (const token of tokens) statuses.add((await profile(kunci, token)).statusCode)
  })
  t.strictSame([...statuses], [401])
  const recorded = (await events(kunci)).length
  const dropped = kunci.log.map(line => JSON.parse(line)).filter(line => line.msg === 'too many refused tokens at once: some were not recorded').reduce((sum, line) => sum + line.dropped, 0)
  t.ok(dropped > 0)
  // A machine so busy that the lock outlasts a statement fails some.
  t.equal(recorded + dropped + failures(kunci), 520)
})

t.test('while the database is away a token is refused all the same, and recorded once it is back', async t => {
  const kunci = await build(t)
  const { accessToken, row } = await signedOut(kunci)
  const before = await profile(kunci, 'x')
  await away(kunci, true)
  const during = await profile(kunci, accessToken)
  t.equal(during.statusCode, 401)
  t.equal(during.body, before.body)
  t.strictSame({ ...during.headers, date: undefined }, { ...before.headers, date: undefined })
  await away(kunci, false)
  await profile(kunci, accessToken)
  t.strictSame(await events(kunci), [row])
})

t.test('a failure to record it is in the log, with the database\'s code alone', async t => {
  const kunci = await build(t)
  const { accessToken } = await signedOut(kunci)
  await kunci.sql`alter table audit_events rename to lost`
  t.equal((await profile(kunci, accessToken)).statusCode, 401)
  await kunci.app.close()
  const { level, time: _time, pid: _pid, hostname: _hostname, ...line } = JSON.parse(kunci.log.find(line => line.includes('refused tokens could not be recorded')) ?? '{}')
  t.equal(level, 50)
  t.strictSame(line, { database: '42P01', refused: 1, msg: 'refused tokens could not be recorded' })
  t.equal(logged(kunci).length, 1)
})

t.test('a client that goes away before it is answered is recorded all the same', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { accessToken, cookie } = await login(kunci)
  await kunci.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(accessToken) })
  await kunci.app.listen({ port: 0, host: '127.0.0.1' })
  const socket = connect((kunci.app.server.address() as AddressInfo).port, '127.0.0.1')
  const connections = promisify(kunci.app.server.getConnections.bind(kunci.app.server))
  await kunci.sql.begin(async sql => {
    await sql`lock table sessions in access exclusive mode`
    socket.write(`POST /auth/refresh HTTP/1.1\r\nHost: auth.test\r\nUser-Agent: Hasty/1.0\r\nCookie: refresh_token=${cookie}\r\nContent-Length: 0\r\n\r\n`)
    while ((await sql`select from pg_locks where not granted and relation = 'sessions'::regclass`).length === 0) await delay(5)
    socket.destroy()
    while (await connections() > 0) await delay(5)
  })
  await written(kunci, 1)
  t.strictSame(await events(kunci), [{ ...byInjection, ...holderOf(accessToken), user_agent: 'Hasty/1.0', contract: 'outlet', token_kind: 'refresh', reason: 'revoked', created_at: kunci.clock.now }])
})
