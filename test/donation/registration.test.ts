import t from 'tap'
import { bearer, build, type Kunci, readMails } from '../helper.js'
import * as outlet from '../outlet/client.js'
import { BAD_TOKEN, CONTRACTS, DONATION, EMAIL, FORBIDDEN, login, mail, PASSWORD, register, TAKEN, tokenHistory, tryLogin, verifyToken } from './client.js'

const ADMINISTRATOR = { email: 'admin@example.com', password: 'Rahasia-besar-1' }
const WITH_ADMINISTRATOR = { CONTRACTS, ADMIN_EMAIL: ADMINISTRATOR.email, ADMIN_PASSWORD: ADMINISTRATOR.password }

/** Everything that a registration writes. */
async function written (kunci: Kunci) {
  const [counts] = await kunci.sql`select
    (select count(*)::int from users) users, (select count(*)::int from user_roles) roles, (select count(*)::int from audit_events) events,
    (select count(*)::int from one_time_tokens) tokens, (select count(*)::int from mail_outbox) mails`
  return counts
}

t.test('an account is made with the address in its normal form, and mailed in Indonesian', async t => {
  const kunci = await build(t, { CONTRACTS })
  const response = await register(kunci, { email: '  DERMAWAN@Example.COM ', nama_lengkap: ' Dermawan  Saputra ' })
  const now = kunci.clock.now.toISOString()
  t.equal(response.statusCode, 201)
  t.same(response.json(), {
    success: true,
    message: 'Akun berhasil dibuat',
    data: { id: 1, email: EMAIL, nama_lengkap: ' Dermawan  Saputra ', telp: '081234567890', role: 'user', created_at: now, updated_at: now }
  })
  t.same(await written(kunci), { users: 1, roles: 1, events: 1, tokens: 1, mails: 1 })
  t.match(await kunci.sql`select email, username, outlet_id, email_verified_at from users`, [{ email: EMAIL, username: null, outlet_id: null, email_verified_at: null }])
  t.same(await kunci.sql`select type, contract from audit_events`, [{ type: 'account.registered', contract: 'donation' }])

  const [sent] = await readMails(kunci)
  t.match(sent, { to: EMAIL, subject: mail.verification })
  t.match(sent?.text, `http://auth.test/verify-email?token=${sent?.token}\n`)
  t.match(sent?.text, 'Buka tautan ini untuk memverifikasi alamat email Anda bagi akun Anda:')
  t.match(sent?.html, '<html lang="id">')
})

t.test('a role that is for everybody is taken', async t => {
  const kunci = await build(t, { CONTRACTS })
  for (const role of ['user', 'volunteer']) {
    const response = await register(kunci, { email: `${role}@example.com`, role })
    t.equal(response.statusCode, 201, role)
    t.equal(response.json().data.role, role)
    t.equal((await tryLogin(kunci, `${role}@example.com`)).json().data.role, role)
  }
})

t.test('the role admin is refused to everybody but an administrator of this contract', async t => {
  const kunci = await build(t, WITH_ADMINISTRATOR)
  await outlet.registerVerified(kunci, 'siti@example.com')
  await register(kunci)
  const before = await written(kunci)
  const asAdmin = async (token?: string) => await register(kunci, { email: 'new@example.com', role: 'admin' }, token === undefined ? {} : bearer(token))

  const powerless = { nobody: undefined, 'an account of this contract': await login(kunci), 'an account of outlet': await login(kunci, 'siti@example.com', outlet.PASSWORD) }
  for (const [name, token] of Object.entries(powerless)) {
    const response = await asAdmin(token)
    t.equal(response.statusCode, 403, name)
    t.same(response.json(), FORBIDDEN, name)
  }
  const inConsole = await kunci.app.inject({ method: 'POST', url: '/api/auth/login', payload: ADMINISTRATOR })
  const inOutlet = await outlet.login(kunci, ADMINISTRATOR.email, ADMINISTRATOR.password)
  const ended = await login(kunci, ADMINISTRATOR.email, ADMINISTRATOR.password)
  await kunci.app.inject({ method: 'POST', url: '/auth/logout/all', headers: bearer(inOutlet.accessToken) })
  const again = await outlet.login(kunci, ADMINISTRATOR.email, ADMINISTRATOR.password)
  const tokens = { 'of console': inConsole.json().data.token, 'of outlet': again.accessToken, 'that has ended': ended, 'that is none': 'admin' }
  for (const [name, token] of Object.entries(tokens)) {
    const response = await asAdmin(token)
    t.equal(response.statusCode, 401, name)
    t.same(response.json(), BAD_TOKEN, name)
  }
  const after = await written(kunci)
  t.same({ users: after?.['users'], roles: after?.['roles'], mails: after?.['mails'] }, { users: before?.['users'], roles: before?.['roles'], mails: before?.['mails'] })
})

t.test('an administrator of this contract makes another', async t => {
  const kunci = await build(t, WITH_ADMINISTRATOR)
  const administrator = await login(kunci, ADMINISTRATOR.email, ADMINISTRATOR.password)
  t.match((await verifyToken(kunci, administrator)).json(), { data: { email: ADMINISTRATOR.email, nama_lengkap: null, telp: null, role: 'admin' } })
  const response = await register(kunci, { email: 'second@example.com', role: 'admin' }, bearer(administrator))
  t.equal(response.statusCode, 201)
  t.match(response.json(), { success: true, data: { email: 'second@example.com', role: 'admin' } })
  const second = await login(kunci, 'second@example.com')
  t.equal((await register(kunci, { email: 'third@example.com', role: 'admin' }, bearer(second))).statusCode, 201)

  await kunci.sql`update user_roles set status = false from users where users.id = user_id and email = 'second@example.com'`
  const lost = await register(kunci, { email: 'fourth@example.com', role: 'admin' }, bearer(second))
  t.equal(lost.statusCode, 403, 'not once the role is no longer active')
  t.same(lost.json(), FORBIDDEN)
})

t.test('a role for everybody needs no good token, even where one is sent', async t => {
  const kunci = await build(t, { CONTRACTS })
  t.equal((await register(kunci, { role: 'volunteer' }, bearer('bad'))).statusCode, 201)
})

t.test('an email that somebody has is refused, whichever contract made the account', async t => {
  const kunci = await build(t, { CONTRACTS })
  await register(kunci)
  await outlet.register(kunci, { email: 'siti@example.com' })
  await kunci.app.inject({ method: 'POST', url: '/api/auth/register', payload: { name: 'Budi', email: 'budi@example.com', password: PASSWORD } })
  const before = await written(kunci)
  for (const email of [EMAIL, ' Dermawan@EXAMPLE.com', 'siti@example.com', 'BUDI@example.com']) {
    const response = await register(kunci, { email })
    t.equal(response.statusCode, 400, email)
    t.same(response.json(), TAKEN, email)
  }
  t.same(await written(kunci), before)
})

t.test('of many registrations at once with one email, one wins', async t => {
  const kunci = await build(t, { CONTRACTS })
  const answers = await Promise.all(Array.from({ length: 8 }, async () => await register(kunci)))
  t.same(answers.map(answer => answer.statusCode).sort(), [201, ...Array(7).fill(400)])
  for (const answer of answers.filter(({ statusCode }) => statusCode === 400)) t.same(answer.json(), TAKEN)
  t.same(await written(kunci), { users: 1, roles: 1, events: 1, tokens: 1, mails: 1 })
})

t.test('a registration signs nobody in', async t => {
  const kunci = await build(t, { CONTRACTS })
  const response = await register(kunci)
  t.equal(response.headers['set-cookie'], undefined)
  t.same(await kunci.sql`select id from sessions`, [])
  t.same((await tokenHistory(kunci, await login(kunci), 1)).json().data.map((entry: { aktivitas: string }) => entry.aktivitas), ['Login - Create Token'])
  t.equal((await kunci.app.inject({ method: 'GET', url: `${DONATION}/register` })).statusCode, 404, 'and is no page')
})
