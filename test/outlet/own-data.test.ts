import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { bearer, build, type Kunci, readMails } from '../helper.js'
import { login, PASSWORD, profile, refresh, register, registerVerified } from './client.js'

const DAY = 24 * 3600

async function exported (kunci: Kunci, accessToken: string) {
  return await kunci.app.inject({ url: '/auth/account/export', headers: bearer(accessToken) })
}

async function remove (kunci: Kunci, accessToken: string, password = PASSWORD) {
  return await kunci.app.inject({ method: 'DELETE', url: '/auth/account', headers: bearer(accessToken), payload: { password } })
}

async function signIn (kunci: Kunci, password = PASSWORD) {
  return await kunci.app.inject({ method: 'POST', url: '/auth/login', payload: { email: 'siti@example.com', password } })
}

t.test('an owner gets all that is held about the account, and nothing that opens it', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { accessToken } = await login(kunci)
  await kunci.app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email: 'siti@example.com' } })
  const mails = await readMails(kunci)
  const response = await exported(kunci, accessToken)
  t.equal(response.headers['content-disposition'], 'attachment; filename="account.json"')
  const { status, message, data } = response.json()
  const { data: own } = (await profile(kunci, accessToken)).json()
  const [session] = data.sessions
  const time = kunci.clock.now.toISOString()
  t.same({ status, message }, { status: 200, message: 'Export account success' })
  t.same(data.account, { ...own, name: null, phone: null, hasPassword: true })
  t.same(data.roles, [{ id: own.role.id, name: 'user', isActive: true, createdAt: time, updatedAt: time }])
  t.same(data.sessions, [{
    id: session.id, contract: 'outlet', createdAt: time, rotatedAt: time, expiresAt: '2026-01-08T08:00:00.000Z', revokedAt: null, revokedReason: null, ip: '127.0.0.1', userAgent: 'lightMyRequest', device: 'unknown'
  }])
  t.same(data.links.map(({ purpose, email, usedAt }: Record<string, unknown>) => ({ purpose, email, usedAt })), [
    { purpose: 'verify-email', email: 'siti@example.com', usedAt: time }, { purpose: 'reset-password', email: 'siti@example.com', usedAt: null }
  ])
  t.same(data.mails, ['verify_email', 'reset_password'].map(kind => ({ kind, recipient: 'siti@example.com', state: 'sent', createdAt: time, settledAt: time })))
  t.same(data.events.map((event: { type: string }) => event.type), ['account.registered', 'email.verified', 'session.started', 'password.reset_requested'])
  for (const secret of ['argon2', accessToken, ...mails.map(mail => mail.token)]) t.notOk(response.body.includes(secret))
})

t.test('an account that its owner deletes ends at once and is told of it, and signing in keeps it', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { accessToken, cookie } = await login(kunci)
  const elsewhere = await login(kunci)
  const wrong = await remove(kunci, accessToken, 'Another-password-1')
  t.equal(wrong.statusCode, 400)
  t.same(wrong.json(), { status: 400, message: 'Current password is incorrect' })
  t.equal((await profile(kunci, accessToken)).statusCode, 200)

  const removed = await remove(kunci, accessToken)
  t.equal(removed.statusCode, 200)
  t.same(removed.json(), { status: 200, message: 'Account will be deleted', data: { deletedAt: '2026-01-19T08:00:00.000Z' } })
  t.match(removed.headers['set-cookie'], /^refresh_token=; Max-Age=0/)
  for (const token of [accessToken, elsewhere.accessToken]) t.equal((await profile(kunci, token)).statusCode, 401)
  for (const token of [cookie, elsewhere.cookie]) t.equal((await refresh(kunci, token)).statusCode, 401)
  t.match((await readMails(kunci)).at(-1), { to: 'siti@example.com', subject: 'Your account will be deleted', token: '' })

  kunci.clock.advance(13 * DAY)
  await kunci.app.keepHouse()
  const kept = await Promise.all([signIn(kunci), signIn(kunci), signIn(kunci)])
  t.same(kept.map(answer => answer.statusCode), [200, 200, 200])
  kunci.clock.advance(30 * DAY)
  await kunci.app.keepHouse()
  t.equal((await signIn(kunci)).statusCode, 200)
  const events = await kunci.sql`select type from audit_events where type like 'account.%' order by number`
  t.same(events.map(event => event['type']), ['account.registered', 'account.deletion_requested', 'account.revived'])
})

t.test('after the grace it is gone for good, and who takes its names inherits nothing', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { accessToken } = await login(kunci)
  const { data: { id } } = (await profile(kunci, accessToken)).json()
  await remove(kunci, accessToken)
  kunci.clock.advance(14 * DAY)
  // Its time is over before anybody has cleared up.
  t.same((await signIn(kunci)).json(), { status: 401, message: 'Invalid credentials' })
  await kunci.app.keepHouse()
  t.same((await signIn(kunci)).json(), { status: 401, message: 'Invalid credentials' })
  for (const table of ['users', 'user_roles', 'sessions', 'one_time_tokens', 'mail_outbox']) {
    t.same(await kunci.sql`select count(*)::int as rows from ${kunci.sql(table)}`, [{ rows: 0 }], table)
  }
  const left = await kunci.sql`select distinct ip, user_agent, issued::text from audit_events where user_id = ${id}`
  t.same(left, [{ ip: null, user_agent: null, issued: null }])
  t.equal((await kunci.sql`select 1 from audit_events where type = 'account.deleted' and user_id = ${id} and reason = 'by its owner'`).length, 1)

  t.equal((await register(kunci)).statusCode, 200)
  const [successor] = await kunci.sql`select id from users`
  t.not(successor?.['id'], id)
  t.equal((await profile(kunci, accessToken)).statusCode, 401)
})

t.test('a sign-in at the moment of the erasure keeps the account or finds it gone, never half of it', async t => {
  const kunci = await build(t)
  for (let round = 0; round < 10; round++) {
    await registerVerified(kunci)
    await remove(kunci, (await login(kunci)).accessToken)
    kunci.clock.advance(14 * DAY - 1)
    const [answer] = await Promise.all([signIn(kunci), (async () => {
      await delay(round * 4)
      kunci.clock.advance(1)
      await kunci.app.keepHouse()
    })()])
    const kept = await kunci.sql`select deletion_due_at from users`
    if (answer.statusCode === 200) t.same(kept, [{ deletion_due_at: null }])
    else t.same([answer.json(), kept], [{ status: 401, message: 'Invalid credentials' }, []])
    await kunci.sql`delete from users`
  }
})

t.test('of two administrators that delete themselves at once one stays', async t => {
  const one = await build(t)
  const other = await build(t, {}, one)
  for (const name of ['siti', 'budi']) await registerVerified(one, `${name}@example.com`, name)
  await one.sql`update user_roles set role_id = (select id from roles where is_admin)`
  const tokens = [await login(one, 'siti@example.com'), await login(one, 'budi@example.com')]
  const answers = await Promise.all(tokens.map(async ({ accessToken }, index) => await remove(index === 0 ? one : other, accessToken)))
  t.same(answers.map(answer => answer.statusCode).sort(), [200, 409])
  t.same(answers.find(answer => answer.statusCode === 409)?.json(), { status: 409, message: 'The last administrator must stay' })
})
