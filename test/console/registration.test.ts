import t from 'tap'
import { build, mailedToken } from '../helper.js'
import { invalid, login, me, PASSWORD, refresh, register, tokensOf, written } from './client.js'

const NOTHING = { users: 0, roles: 0, sessions: 0, events: 0, tokens: 0, mails: 0 }
const ONE_ACCOUNT = { users: 1, roles: 1, sessions: 1, events: 2, tokens: 1, mails: 1 }
const EMAIL_TAKEN = { status: false, message: 'Email already exists', code: 409 }
const FAULT = { status: false, message: 'Internal server error', code: 500 }

const kunci = await build(t, { CONTRACTS: '' })
const { app, clock, log, sql } = kunci

/** @returns what was written since, table by table */
async function writtenSince (before: Record<string, number>): Promise<Record<string, number>> {
  return Object.fromEntries(Object.entries(await written(kunci)).map(([table, count]) => [table, count - (before[table] ?? 0)]))
}

t.test('a new account gets the default role and is signed in', async t => {
  const response = await register(kunci, { email: ' John.Doe@Example.com ' })
  t.equal(response.statusCode, 201)
  const { token, refreshToken } = response.json().data
  const user = { id: 1, name: 'John Doe', email: 'john.doe@example.com', role_id: 2, created_at: clock.now.toISOString() }
  t.strictSame(response.json(), { status: true, message: 'Registration successful', data: { user, token, refreshToken, expiresIn: 3600 }, code: 201 })
  t.same(response.cookies, [], 'tokens travel in the body alone')
  t.equal(response.headers['cache-control'], 'no-store')
  t.same(await written(kunci), ONE_ACCOUNT)
  t.same(await sql`select type from audit_events order by type`, [{ type: 'account.registered' }, { type: 'session.started' }])

  t.equal((await me(kunci, token)).statusCode, 200)
  clock.advance(60)
  const refreshed = await refresh(kunci, refreshToken)
  t.equal(refreshed.statusCode, 200)
  t.equal((await me(kunci, tokensOf(refreshed).accessToken)).json().data.email, 'john.doe@example.com')
})

t.test('the mail that verifies the address goes out beside it', async t => {
  const { accessToken } = tokensOf(await register(kunci, { email: 'mailed@example.com' }))
  const token = await mailedToken(kunci, 'mailed@example.com')
  t.equal((await app.inject({ method: 'POST', url: '/auth/verify', payload: { token } })).statusCode, 200)
  t.equal((await app.inject({ method: 'POST', url: '/auth/login', payload: { email: 'mailed@example.com', password: PASSWORD } })).statusCode, 200)
  t.equal((await me(kunci, accessToken)).statusCode, 401, 'the session from before the proof has ended')
})

t.test('an email that somebody has, in whatever case, is 409 and writes nothing', async t => {
  await register(kunci, { email: 'taken@example.com' })
  const before = await written(kunci)
  for (const fields of [{ email: 'taken@example.com' }, { email: ' TAKEN@Example.com ' }, { email: 'taken@example.com', password: 'kopi susu gula aren', name: 'Jane Doe', role_id: 3 }]) {
    const response = await register(kunci, fields)
    t.equal(response.statusCode, 409)
    t.strictSame(response.json(), EMAIL_TAKEN)
  }
  t.same(await writtenSince(before), NOTHING)
})

t.test('of many registrations at once with one email, one wins and is signed in', async t => {
  const before = await written(kunci)
  const answers = await Promise.all(Array.from({ length: 6 }, async () => await register(kunci, { email: 'wanted@example.com' })))
  t.same(answers.map(answer => answer.statusCode).sort(), [201, 409, 409, 409, 409, 409])
  t.strictSame(answers.find(answer => answer.statusCode === 409)?.json(), EMAIL_TAKEN)
  t.same(await writtenSince(before), ONE_ACCOUNT)
})

t.test('bad fields are named, in the order of the document, and nothing is written', async t => {
  const before = await written(kunci)
  const nameRule = 'name must be 1 to 100 characters, not blank, without control characters'
  const roleRule = 'role_id must be a whole number from 1'
  const cases: Array<[object, string[]]> = [
    [{ role_id: 'user', password: 'short', email: 'john', name: ' ' }, [nameRule, 'email must be a valid email address', 'password must be at least 8 characters', roleRule]],
    [{ name: undefined, email: undefined, password: undefined }, ['name is required', 'email is required', 'password is required']],
    [{ name: '', email: '', password: '' }, ['name is required', 'email is required', 'password is required']],
    [{ name: 1, email: ['john@example.com'], password: { $ne: '' } }, ['name must be a string', 'email must be a string', 'password must be a string']],
    [{ name: null, email: null, password: true }, ['name must be a string', 'email must be a string', 'password must be a string']],
    [{ name: 'x'.repeat(101) }, [nameRule]],
    [{ name: 'John\nDoe' }, [nameRule]],
    [{ name: 'John\0' }, ['name must be valid text']],
    [{ email: '\u212aim@example.com' }, ['email must be a valid email address']],
    [{ password: 'x'.repeat(129) }, ['password must be at most 128 characters']],
    [{ password: 'password123' }, ['password is one of the most common passwords']],
    [{ username: 'john', isAdmin: true, permissions: ['*'], id: 1, email_verified_at: '2026-01-01', role: 'admin' }, [
      'username is not allowed', 'isAdmin is not allowed', 'permissions is not allowed', 'id is not allowed', 'email_verified_at is not allowed', 'role is not allowed'
    ]]
  ]
  for (const [fields, errors] of cases) {
    const response = await register(kunci, { email: 'fields@example.com', ...fields })
    t.equal(response.statusCode, 400, errors.join())
    t.strictSame(response.json(), invalid(...errors), errors.join())
  }
  t.same(await writtenSince(before), NOTHING)
})

t.test('when its session or the event of its sign-in cannot be written, no account is left', async t => {
  const email = 'whole@example.com'
  const before = await written(kunci)
  const hindrances = [
    { table: sql`sessions`, rule: sql`contract <> 'console'` },
    { table: sql`audit_events`, rule: sql`type <> 'session.started'` }
  ]
  for (const { table, rule } of hindrances) {
    await sql`alter table ${table} add constraint hindrance check (${rule}) not valid`
    const response = await register(kunci, { email })
    t.equal(response.statusCode, 500)
    t.strictSame(response.json(), FAULT)
    t.same(await writtenSince(before), NOTHING)
    await sql`alter table ${table} drop constraint hindrance`
  }
  t.notOk(log.some(line => line.includes(PASSWORD) || line.includes('$argon2')))
  t.equal((await register(kunci, { email })).statusCode, 201, 'the address is still free')
  t.same(await writtenSince(before), ONE_ACCOUNT)
})

t.test('what is registered here signs in wherever an email does', async t => {
  const { id } = (await register(kunci, { email: 'everywhere@example.com' })).json().data.user
  t.type((await login(kunci, 'EVERYWHERE@example.com')).accessToken, 'string')
  const donation = await app.inject({ method: 'POST', url: '/donation/auth/login', payload: { email: 'everywhere@example.com', password: PASSWORD } })
  const { data } = donation.json()
  t.strictSame(data, { id, email: 'everywhere@example.com', nama_lengkap: 'John Doe', telp: null, role: 'user', token: data.token })
})
