import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { build, type Kunci } from '../helper.js'
import { cookieOf, login, refresh, registerVerified } from './client.js'

const SESSIONS = 40
const REFUSED = { status: 401, message: 'Invalid refresh token' }

const claimsOf = (token: string): Record<string, unknown> => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

/** Refreshes with each cookie at once, each from an address and browser of its own. */
async function refreshAll (kunci: Kunci, cookies: string[]): Promise<LightMyRequestResponse[]> {
  return await Promise.all(cookies.map(async (cookie, at) => await kunci.app.inject({
    method: 'POST', url: '/auth/refresh', cookies: { refresh_token: cookie }, remoteAddress: `203.0.113.${at + 1}`, headers: { 'user-agent': `Browser "${at}" {é,\\}` }
  })))
}

async function signInOften (kunci: Kunci, times = SESSIONS): Promise<string[]> {
  const cookies: string[] = []
  for (let time = 0; time < times; time++) cookies.push((await login(kunci)).cookie)
  return cookies
}

t.test('sessions that are refreshed at the same moment get each their own tokens and their own event', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const cookies = await signInOften(kunci)
  const answers = await refreshAll(kunci, cookies)
  t.same(answers.map(({ statusCode }) => statusCode), Array(SESSIONS).fill(200))
  t.equal(new Set(answers.map(cookieOf)).size, SESSIONS)

  const events = await kunci.sql`select id, contract, user_id, session_id, host(ip) ip, user_agent, created_at, issued from audit_events where type = 'session.rotated'`
  t.equal(events.length, SESSIONS)
  for (const [at, answer] of answers.entries()) {
    const claims = claimsOf(answer.json().access_token)
    const event = events.find(({ id }) => id === claims['jti'])
    t.match(event, {
      contract: 'outlet',
      user_id: claims['sub'],
      session_id: claims['sid'],
      ip: `203.0.113.${at + 1}`,
      user_agent: `Browser "${at}" {é,\\}`,
      created_at: kunci.clock.now,
      issued: { algorithm: 'ES256', keyId: kunci.app.keys.current().kid, issuer: claims['iss'], lifetime: 900, accountVersion: claims['ver'], rolesVersion: claims['rolesVer'], outletId: claims['outlet'], roles: [{ name: 'user' }] }
    })
    t.equal(new Date(event?.['issued'].sessionExpiresAt).getTime(), kunci.clock.now.getTime() + 3 * 24 * 3600 * 1000)
    t.same(event?.['issued'].roles[0].permissions, claims['permissions'])
  }
  t.same((await refreshAll(kunci, answers.map(cookieOf))).map(({ statusCode }) => statusCode), Array(SESSIONS).fill(200))
})

t.test('an event says the same whether its session was refreshed alone or with others', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const cookies = await signInOften(kunci, 12)
  const [alone = '', ...others] = cookies
  await refreshAll(kunci, [alone])
  await refreshAll(kunci, others)
  const said = await kunci.sql`select distinct type, contract, user_id, reason, actor_id, details::text, token_kind, created_at, issued::jsonb - 'sessionExpiresAt' issued,
    (issued ->> 'sessionExpiresAt')::timestamptz "until", (select array_agg(key) from json_object_keys(issued) key) names from audit_events where type = 'session.rotated'`
  t.equal(said.length, 1)
})

t.test('among good tokens, each bad one is refused for itself', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  await registerVerified(kunci, 'budi@example.com', 'budi')
  const good = await signInOften(kunci, 20)
  const { cookie: disabled } = await login(kunci, 'budi@example.com')
  await kunci.sql`update users set disabled_at = now() where username = 'budi'`
  const { cookie: ended } = await login(kunci)
  await kunci.sql`update sessions set revoked_at = now(), revoked_reason = 'logout' where id = (select id from sessions order by id desc limit 1)`
  const { cookie: over } = await login(kunci)
  await kunci.sql`update sessions set expires_at = ${kunci.clock.now.toISOString()} where id = (select id from sessions order by id desc limit 1)`
  const { cookie: old } = await login(kunci)
  await refresh(kunci, cookieOf(await refresh(kunci, old)))
  const { cookie: last } = await login(kunci)
  const successor = cookieOf(await refresh(kunci, last))

  const answers = await refreshAll(kunci, [...good.slice(0, 10), disabled, ended, over, old, last, ...good.slice(10)])
  t.same(answers.map(({ statusCode }) => statusCode), [...Array(10).fill(200), 401, 401, 401, 401, 200, ...Array(10).fill(200)])
  for (const answer of answers.slice(10, 14)) t.same(answer.json(), REFUSED)
  t.equal(cookieOf(answers[14] ?? await refresh(kunci, last)), successor, 'the token just replaced gets its successor again')
  t.same((await kunci.sql`select type, count(*)::int from audit_events where type in ('session.replayed') group by type`).map(row => ({ ...row })), [{ type: 'session.replayed', count: 1 }])
})

t.test('sessions that are being changed keep nobody else waiting', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const cookies = await signInOften(kunci, 30)
  let release = () => {}
  const released = new Promise<void>(resolve => { release = resolve })
  let change = Promise.resolve()
  await new Promise<void>(resolve => {
    change = kunci.sql.begin(async sql => {
      await sql`select from sessions where id in (select id from sessions order by id limit 5) for update`
      resolve()
      await released
    }).then(() => {})
  })
  let areAnswered = false
  const waiting = refreshAll(kunci, cookies.slice(0, 5)).then(answers => {
    areAnswered = true
    return answers
  })
  t.same((await refreshAll(kunci, cookies.slice(5))).map(({ statusCode }) => statusCode), Array(25).fill(200))
  t.equal(areAnswered, false)
  release()
  await change
  t.same((await waiting).map(({ statusCode }) => statusCode), Array(5).fill(200))
})
