import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { bearer, build } from '../helper.js'
import { login, PASSWORD, profile, refresh, refusedSoon, registerVerified } from '../outlet/client.js'

async function twoInstances (t: Parameters<typeof build>[0]) {
  const one = await build(t)
  await registerVerified(one)
  const other = await build(t, {}, one)
  return { one, other, ...await login(one) }
}

t.test('a token is verified without the database', async t => {
  const { one, accessToken } = await twoInstances(t)
  await one.sql`alter table sessions rename to sessions_away`
  await one.sql`alter table users rename to users_away`
  t.equal((await one.app.inject({ url: '/gateway/verify', headers: bearer(accessToken) })).statusCode, 200)
})

t.test('a sign-out holds at once on its own instance and soon on the others', async t => {
  const { one, other, accessToken } = await twoInstances(t)
  t.equal((await profile(other, accessToken)).statusCode, 200)
  t.equal((await one.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(accessToken) })).statusCode, 200)
  t.equal((await profile(one, accessToken)).statusCode, 401)
  t.ok(await refusedSoon(other, accessToken))
})

t.test('a password change ends the tokens of the other sessions and not its own', async t => {
  const { one, other, accessToken } = await twoInstances(t)
  const elsewhere = await login(other)
  const changed = await one.app.inject({ method: 'PATCH', url: '/auth/password', headers: bearer(accessToken), payload: { oldPassword: PASSWORD, newPassword: 'Kata-Sandi-Baru-9' } })
  t.equal(changed.statusCode, 200)
  t.equal((await profile(one, elsewhere.accessToken)).statusCode, 401)
  t.ok(await refusedSoon(other, elsewhere.accessToken))
  t.equal((await profile(other, accessToken)).statusCode, 200)
})

t.test('a replay ends the access token of its session at once', async t => {
  const { one, cookie, accessToken } = await twoInstances(t)
  await refresh(one, (await refresh(one, cookie)).cookies[0]?.value ?? '')
  t.equal((await refresh(one, cookie)).statusCode, 401)
  t.equal((await profile(one, accessToken)).statusCode, 401)
})

t.test('an account that is disabled or deleted is refused everywhere, whoever did it', async t => {
  for (const change of ["update users set disabled_at = '2026-01-05'", 'delete from users']) {
    const { one, other, accessToken } = await twoInstances(t)
    await one.sql.unsafe(change)
    t.ok(await refusedSoon(one, accessToken), change)
    t.ok(await refusedSoon(other, accessToken), change)
  }
})

t.test('an account that is enabled again does not get its old tokens back', async t => {
  const { one, cookie, accessToken } = await twoInstances(t)
  await one.sql`update users set disabled_at = '2026-01-05'`
  t.ok(await refusedSoon(one, accessToken))
  await one.sql`update users set disabled_at = null`
  t.equal((await profile(one, accessToken)).statusCode, 401)
  const again = await refresh(one, cookie)
  t.equal(again.statusCode, 200)
  t.equal((await profile(one, again.json().access_token)).statusCode, 200)
})

t.test('a change of what an account may do ends its tokens, and a refresh brings the new roles', async t => {
  const changes = {
    'another role': "insert into user_roles (user_id, role_id, status, is_primary, created_at, updated_at) select u.id, r.id, true, false, now(), now() from users u, roles r where r.name = 'volunteer'",
    'a grant switched off': 'update user_roles set status = false',
    'a grant taken away': 'delete from user_roles',
    'other permissions of a role': "update roles set permissions = '{users.read}' where name = 'user'"
  }
  for (const [name, change] of Object.entries(changes)) {
    const { one, other, cookie, accessToken } = await twoInstances(t)
    await one.sql.unsafe(change)
    t.ok(await refusedSoon(one, accessToken), name)
    t.ok(await refusedSoon(other, accessToken), name)
    const refreshed = await refresh(other, cookie)
    t.equal((await profile(other, refreshed.json().access_token)).statusCode, 200, name)
  }
})

t.test('a role that others hold, or a change that says nothing new, ends no token', async t => {
  const { one, accessToken } = await twoInstances(t)
  await one.sql`update roles set permissions = '{a}' where name = 'volunteer'`
  await one.sql`update roles set permissions = permissions, self_assignable = false where name = 'user'`
  await one.sql`update users set name = 'Siti', updated_at = now()`
  t.notOk(await refusedSoon(one, accessToken))
})

t.test('an instance that starts later knows what was revoked before', async t => {
  const { one, accessToken } = await twoInstances(t)
  await one.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(accessToken) })
  const late = await build(t, {}, one)
  t.equal((await profile(late, accessToken)).statusCode, 401)
})

t.test('what was revoked while the connection was lost is caught up with', async t => {
  const { one, other, accessToken } = await twoInstances(t)
  const listening = await one.sql`select pid from pg_stat_activity where application_name = 'kunci notifications' and datname = current_database()`
  t.equal(listening.length, 2)
  await one.sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'kunci notifications' and datname = current_database()`
  await one.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(accessToken) })
  for (const end = performance.now() + 5000; performance.now() < end && (await profile(other, accessToken)).statusCode !== 401;) await delay(20)
  t.equal((await profile(other, accessToken)).statusCode, 401)
})

t.test('out of touch for too long it fails closed with 503, and recovers by itself', async t => {
  const kunci = await build(t, { REVOCATION_STALENESS: '2' })
  await registerVerified(kunci)
  const { accessToken } = await login(kunci)
  const database = new URL(kunci.databaseUrl).pathname.slice(1)
  const { clusterUrl } = await import('../setup/cluster.js')
  const { default: postgres } = await import('postgres')
  const admin = postgres(await clusterUrl(), { max: 1 })
  t.teardown(async () => { await admin.end() })
  await admin.unsafe(`alter database ${database} with allow_connections false`)
  await admin`select pg_terminate_backend(pid) from pg_stat_activity where datname = ${database}`
  await delay(2600)
  const stale = await profile(kunci, accessToken)
  t.equal(stale.statusCode, 503)
  t.equal(stale.headers['retry-after'], '1')
  t.same(stale.json(), { status: 503, message: 'Service unavailable' })
  await admin.unsafe(`alter database ${database} with allow_connections true`)
  for (const end = performance.now() + 8000; performance.now() < end && (await profile(kunci, accessToken)).statusCode !== 200;) await delay(50)
  t.equal((await profile(kunci, accessToken)).statusCode, 200)
})

t.test('what others say on the channel of revocations is dropped, and the feed goes on', async t => {
  const { one, other, accessToken } = await twoInstances(t)
  const entry = { number: 1, scope: 'session', user_id: null, session_id: null, contract: null, role: null, version: null, revoked_at: null, ends_at: null }
  const said = ['', 'x', 'null', '[]', '{}', JSON.stringify({ ...entry, scope: 'everything' }), JSON.stringify({ ...entry, revoked_at: 'soon' }), JSON.stringify({ ...entry, number: 1.5 })]
  for (const payload of said) await one.sql`select pg_notify('kunci_revocations', ${payload})`
  t.equal((await one.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(accessToken) })).statusCode, 200)
  t.ok(await refusedSoon(other, accessToken))
  t.equal(other.log.filter(line => line.includes('what was announced is no revocation')).length, said.length)
})
