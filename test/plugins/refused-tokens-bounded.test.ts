import t from 'tap'
import { bearer, build } from '../helper.js'
import { login, profile, registerVerified } from '../outlet/client.js'
import { events, failures, foreign, signedOut, written } from './refusals.js'

t.test('one token refused 200 times at once by two instances is one event, and so it is after a restart', async t => {
  const one = await build(t)
  const { accessToken, row } = await signedOut(one)
  const other = await build(t, {}, one)
  const answers = await Promise.all(Array.from({ length: 200 }, async (_, index) => await profile(index % 2 === 0 ? one : other, accessToken)))
  t.strictSame(answers.map(answer => answer.statusCode), Array(200).fill(401))
  const restarted = await build(t, {}, one)
  t.equal((await profile(restarted, accessToken)).statusCode, 401)
  t.strictSame(await events(one, other, restarted), [row])
  t.strictSame([one, other, restarted].map(failures), [0, 0, 0])
})

t.test('what was written is not asked about again, nor for a minute whether a session goes on', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { accessToken: expired } = await login(kunci)
  kunci.clock.advance(900)
  const { accessToken: revoked } = await login(kunci)
  await kunci.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(revoked) })
  const refuse = async (...tokens: string[]) => {
    for (const token of tokens) t.equal((await profile(kunci, token)).statusCode, 401)
  }
  // Each event waits for those before it.
  await refuse(revoked, expired, foreign(kunci, revoked))
  await written(kunci, 2)

  await kunci.sql`alter table audit_events rename to away`
  for (let count = 0; count < 50; count++) await refuse(revoked, expired)
  await kunci.sql`alter table away rename to audit_events`
  await refuse(foreign(kunci, revoked))
  await written(kunci, 3)
  t.equal(failures(kunci), 0)

  await kunci.sql`alter table audit_events rename to away`
  kunci.clock.advance(60)
  await refuse(revoked, expired)
  await kunci.app.close()
  t.equal(failures(kunci), 1, 'a minute later it is')
})
