import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { bearer, build } from '../helper.js'
import { registerVerified } from '../outlet/client.js'
import { byInjection, events, forged, holderOf, logged, resigned } from '../plugins/refusals.js'
import { allTokens, me, type Name, names, person, refresh, refreshedTokens, refreshing } from './clients.js'
import { failed, failing } from './failures.js'

const owner = person('siti')
const REASONS = ['expired', 'revoked', 'replayed', 'foreign', 'malformed']

/** An account with sessions of each contract, of which some have ended, and some go on. */
async function endedAndLive (t: Parameters<typeof build>[0]) {
  const kunci = await build(t, { CONTRACTS: '' })
  await registerVerified(kunci, owner.email, owner.username)
  const ended = await allTokens(kunci, owner)
  t.equal((await kunci.app.inject({ method: 'POST', url: '/auth/logout/all', headers: bearer(ended.outlet.access) })).statusCode, 200)
  return { kunci, ended, live: await allTokens(kunci, owner) }
}

/** The contract after this one, the first after the last. */
const another = (name: Name, among: readonly Name[] = names): Name => among[(among.indexOf(name) + 1) % among.length] ?? name

/** All that a client is told, but for when. */
function told ({ statusCode, headers: { date: _date, ...headers }, body }: LightMyRequestResponse) {
  return { statusCode, headers, body }
}

/** @returns the reasons that the log has, one for each refused request */
const reasons = (lines: object[]) => lines.map(line => 'reason' in line ? line.reason : undefined)

t.test('why an access token is refused, no contract tells, in its body or its headers', async t => {
  const { kunci, ended, live } = await endedAndLive(t)
  const gateway = async (access: string) => await kunci.app.inject({ url: '/gateway/verify', headers: bearer(access) })
  for (const name of names) {
    const { access } = live[name]
    const tokens = { expired: resigned(kunci, access, { exp: kunci.clock.now.getTime() / 1000 }), revoked: ended[name].access, foreign: live[another(name)].access, malformed: forged(access, { roles: ['admin'] }) }
    const answers = []
    for (const token of Object.values(tokens)) answers.push(await me(kunci, name, token))
    t.strictSame(answers.map(failed), Array(4).fill(failing(name, 'invalid_access_token')), name)
    t.strictSame(new Set(answers.map(answer => JSON.stringify(told(answer)))).size, 1, name)
    t.strictSame(reasons(logged(kunci)).slice(-4), Object.keys(tokens), name)

    const { foreign: _foreign, ...bad } = { ...tokens, issuer: resigned(kunci, access, { iss: 'http://elsewhere.test' }) }
    const asked = await Promise.all(Object.values(bad).map(gateway))
    t.strictSame(asked.map(answer => answer.json()), Array(4).fill({ status: 401, message: 'Invalid or expired token' }), name)
    t.strictSame(new Set(asked.map(answer => JSON.stringify(told(answer)))).size, 1, name)
  }
})

t.test('why a refresh token is refused, no contract tells either', async t => {
  const { kunci, ended, live } = await endedAndLive(t)
  const { sql, clock } = kunci
  for (const name of refreshing) {
    const expired = live[name].refresh
    await sql`update sessions set expires_at = ${clock.now} where id = ${holderOf(live[name].access).session_id}`
    const { [name]: spent } = await allTokens(kunci, owner)
    const successor = refreshedTokens(name, await refresh(kunci, name, spent.refresh))
    clock.advance(60)
    const tokens = [expired, ended[name].refresh, spent.refresh, live[another(name, refreshing)].refresh, `${expired.slice(0, -4)}AAAA`]
    const answers = []
    for (const token of tokens) answers.push(await refresh(kunci, name, token))
    t.strictSame(answers.map(failed), Array(5).fill(failing(name, 'invalid_refresh_token')), name)
    t.strictSame(new Set(answers.map(answer => JSON.stringify(told(answer)))).size, 1, name)
    t.strictSame(reasons(logged(kunci)).slice(-5), REASONS, name)
    t.equal((await refresh(kunci, name, successor.refresh)).statusCode, 401, name)
  }
})

t.test('a foreign token is an event of the contract that it was sent to', async t => {
  const { kunci, live } = await endedAndLive(t)
  for (const name of names) await me(kunci, name, live[another(name)].access)
  for (const name of refreshing) await refresh(kunci, name, live[another(name, refreshing)].refresh)
  const row = { ...byInjection, reason: 'foreign', created_at: kunci.clock.now }
  const bySession = (one: { session_id: string }, other: { session_id: string }) => one.session_id < other.session_id ? -1 : 1
  const rows = await events(kunci)
  t.strictSame(rows.filter(({ token_kind: kind }) => kind === 'access'),
    names.map(name => ({ ...row, contract: name, ...holderOf(live[another(name)].access), token_kind: 'access' })).sort(bySession))
  t.strictSame(rows.filter(({ token_kind: kind }) => kind === 'refresh'),
    refreshing.map(name => ({ ...row, contract: name, ...holderOf(live[another(name, refreshing)].access), token_kind: 'refresh' })).sort(bySession))
  t.equal(rows.length, 9)
})

t.test('at the gateway, which is no contract\'s, it is an event of its own', async t => {
  const { kunci, ended } = await endedAndLive(t)
  for (const name of names) t.equal((await kunci.app.inject({ url: '/gateway/verify', headers: bearer(ended[name].access) })).statusCode, 401)
  const row = { ...byInjection, token_kind: 'access', reason: 'revoked', created_at: kunci.clock.now }
  t.strictSame(await events(kunci), names.map(name => ({ ...row, contract: name, ...holderOf(ended[name].access) })))
})

t.test('no history of a contract shows it', async t => {
  const { kunci, ended, live } = await endedAndLive(t)
  const histories = async () => {
    const outlet = await kunci.app.inject({ url: '/auth/history', headers: bearer(live.outlet.access) })
    const donation = await kunci.app.inject({ url: '/donation/auth/riwayat-token/1', headers: bearer(live.donation.access) })
    t.strictSame([outlet.statusCode, donation.statusCode], [200, 200])
    return [outlet.json(), donation.json()]
  }
  const before = await histories()
  for (const name of names) t.equal((await me(kunci, name, ended[name].access)).statusCode, 401)
  for (const name of refreshing) t.equal((await refresh(kunci, name, ended[name].refresh)).statusCode, 401)
  await kunci.app.close()
  t.equal((await kunci.sql`select from audit_events where type = 'token.refused'`).length, 9)
  const restarted = await build(t, { CONTRACTS: '' }, kunci)
  Object.assign(kunci, { app: restarted.app })
  t.strictSame(await histories(), before)
})
