import t, { type Test } from 'tap'
import { bearer, build, type Kunci, mailedToken } from '../helper.js'
import { clientOf } from './client.js'
import { conforms, forms, readDocument, type Sample } from './document.js'

const document = await readDocument('donation', '/auth')
const REGISTER = '1. Registrasi akun baru'
const LOGIN = '2. Login akun'
const VERIFY = '3. Verifikasi Token'
const FORGOT = '4. Reset Password'
const RESET = '5. Verify Reset Password'
const HISTORY = '6. Mendapatkan Riwayat penggunaan Token'
const UPDATE = '7. Update Profile User'
const PASSWORD = '8. Update profile user password'

const request = (section: string) => document.sample([section, 'Request Body']).body
const success = (section: string): Sample => document.sample([section, 'Response Success'])
const refusal = (section: string, at = 0): Sample => document.sample([section, 'Response Error'], at)

const account = request(REGISTER)
const credentials = request(LOGIN)
const BAD_TOKEN = bearer('JWTTOKEN')

/** The application with the account of whom the document speaks, signed in. */
async function buildSignedIn (t: Test) {
  const kunci = await build(t, { CONTRACTS: 'donation' })
  const ask = clientOf(kunci, '/auth')
  await ask('POST', '/register', account)
  const { id, token } = (await ask('POST', '/login', credentials)).json().data
  return { kunci, ask, id, token, headers: bearer(token) }
}

t.test('registration, sign-in and the look at a token are answered to the letter', async t => {
  const ask = clientOf(await build(t, { CONTRACTS: 'donation' }), '/auth')
  const { email: _, ...withoutEmail } = account
  conforms(t, await ask('POST', '/register', withoutEmail), refusal(REGISTER))
  conforms(t, await ask('POST', '/login', credentials), refusal(LOGIN, 1))
  conforms(t, await ask('POST', '/register', account), success(REGISTER), { 'data.id': forms.number, 'data.created_at': forms.time, 'data.updated_at': forms.time })

  conforms(t, await ask('POST', '/login', { password: credentials.password }), refusal(LOGIN))
  conforms(t, await ask('POST', '/login', { ...credentials, password: request(RESET).password }), refusal(LOGIN, 1))
  const loggedIn = await ask('POST', '/login', credentials)
  conforms(t, loggedIn, success(LOGIN), { 'data.id': forms.number, 'data.token': forms.jwt })

  const headers = bearer(loggedIn.json().data.token)
  conforms(t, await ask('GET', '/verify-token', undefined, headers), success(VERIFY), { 'data.id': forms.number })
  conforms(t, await ask('GET', '/verify-token'), refusal(VERIFY))
  conforms(t, await ask('GET', '/verify-token', undefined, BAD_TOKEN), refusal(VERIFY, 1))
})

t.test('a fault during the look at a token is answered to the letter', async t => {
  const { kunci: { sql }, ask, headers } = await buildSignedIn(t)
  await sql`alter table outlets rename to lost`
  conforms(t, await ask('GET', '/verify-token', undefined, headers), refusal(VERIFY, 2))
  await sql`alter table lost rename to outlets`
  conforms(t, await ask('GET', '/verify-token', undefined, headers), success(VERIFY), { 'data.id': forms.number })
})

t.test('the reset of a password is answered to the letter', async t => {
  const { kunci, ask } = await buildSignedIn(t)
  conforms(t, await ask('POST', '/reset-password', {}), refusal(FORGOT))
  conforms(t, await ask('POST', '/reset-password', request(FORGOT)), success(FORGOT))
  const path = `/forgot-password/submit/new-password/${await mailedToken(kunci, account.email)}`
  conforms(t, await ask('PATCH', path, {}), refusal(RESET))
  conforms(t, await ask('PATCH', path, request(RESET)), success(RESET))
  t.equal((await ask('POST', '/login', { ...credentials, ...request(RESET) })).statusCode, 200)
})

t.test('the history of tokens is answered to the letter, but for the signature of its tokens', async t => {
  const { ask, id, token, headers } = await buildSignedIn(t)
  const { id: another } = (await ask('POST', '/register', { ...account, email: 'relawan@gmail.com', role: 'volunteer' })).json().data
  const response = await ask('GET', `/riwayat-token/${id}`, undefined, headers)
  conforms(t, response, success(HISTORY), {
    'data.*.id': forms.number,
    'data.*.id_user': forms.number,
    'data.*.token': forms.jwt,
    'data.*.created_at': forms.time,
    'data.*.updated_at': forms.time
  })
  const [entry] = response.json().data
  t.equal(entry.id_user, id)
  t.equal(entry.token, [...token.split('.').slice(0, 2), 'redacted'].join('.'))
  conforms(t, await ask('GET', `/riwayat-token/${another}`, undefined, headers), refusal(HISTORY))
  conforms(t, await ask('GET', `/riwayat-token/${id}`), refusal(HISTORY, 1))
})

t.test('a change of the profile is answered to the letter', async t => {
  const { ask, headers } = await buildSignedIn(t)
  const change = request(UPDATE)
  const taken = { email: 'relawan@gmail.com' }
  await ask('POST', '/register', { ...account, ...taken })
  const update = async (body: object, as: Record<string, string> = headers) => await ask('PATCH', '/profile/update', body, as)
  conforms(t, await update(change, {}), refusal(UPDATE))
  conforms(t, await update(change, BAD_TOKEN), refusal(UPDATE, 1))
  conforms(t, await update({ ...change, ...taken }), refusal(UPDATE, 2))
  conforms(t, await update({ ...change, email: 'dermawan' }), refusal(UPDATE, 3))
  conforms(t, await update({ ...change, telp: 'dermawan' }), refusal(UPDATE, 4))
  conforms(t, await update({ ...change, password: credentials.password, role: account.role }), refusal(UPDATE, 5))
  conforms(t, await update(change), success(UPDATE), { 'data.id': forms.number, 'data.createdAt': forms.time, 'data.updatedAt': forms.time })

  const { email, telp, nama_lengkap: name } = account
  t.strictSame([await update({ email }), await update({ telp }), await update({ nama_lengkap: name })].map(response => response.statusCode), [200, 200, 200], 'each field alone')
})

t.test('a change of the password is answered to the letter', async t => {
  const { ask, headers } = await buildSignedIn(t)
  const change = async (body: object, as: Record<string, string> = headers) => await ask('PATCH', '/profile/update-password', body, as)
  conforms(t, await change(request(PASSWORD), {}), refusal(PASSWORD))
  conforms(t, await change({}), refusal(PASSWORD, 1))
  conforms(t, await change({ ...request(PASSWORD), old_password: 'dermawan000' }), refusal(PASSWORD, 2))
  conforms(t, await change(request(PASSWORD)), success(PASSWORD))
  conforms(t, await change(request(PASSWORD)), refusal(PASSWORD, 3))
})

t.test('an account that vanishes between the look at its token and the change of its password is not found, to the letter', async t => {
  const { kunci: { app, sql }, ask, headers } = await buildSignedIn(t)
  // No mail is due, so that nobody else waits for the table.
  await app.mailer.deliverDue()
  const holder = await sql.reserve()
  await holder`begin`
  await holder`lock table users`
  const answering = ask('PATCH', '/profile/update-password', request(PASSWORD), headers)
  await untilWaiting(holder, 1)
  // It stands in line behind the look at the token, and before all that the request does then.
  const vanishing = sql`truncate users cascade`.execute()
  await untilWaiting(holder, 2)
  await holder`commit`
  holder.release()
  await vanishing
  conforms(t, await answering, refusal(PASSWORD, 4))
})

t.test('so it is when the account vanishes while its passwords are hashed', async t => {
  const { kunci: { app, sql }, ask, headers } = await buildSignedIn(t)
  await app.mailer.deliverDue()
  const holder = await sql.reserve()
  await holder`begin`
  await holder`delete from users`
  const answering = ask('PATCH', '/profile/update-password', request(PASSWORD), headers)
  // The old password was compared and the new one hashed before the account's row is locked.
  await untilWaiting(holder, 1)
  await holder`commit`
  holder.release()
  conforms(t, await answering, refusal(PASSWORD, 4))
})

t.test('an access token lives as long as the one in the document', async t => {
  const { kunci: { clock }, ask, headers } = await buildSignedIn(t)
  const [{ token }] = success(HISTORY).body.data
  const { iat, exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString())
  clock.advance(exp - iat - 1)
  t.equal((await ask('GET', '/verify-token', undefined, headers)).statusCode, 200)
  clock.advance(1)
  t.equal((await ask('GET', '/verify-token', undefined, headers)).statusCode, 401)
})

t.test('no sample of the donation document is left', async t => {
  t.strictSame(document.unused(), [])
})

/** Resolves once so many wait for what a connection has locked. */
async function untilWaiting (holder: Kunci['sql'], count: number): Promise<void> {
  for (let waiting = 0; waiting < count;) {
    const [row] = await holder<Array<{ count: number }>>`
      select count(*)::int from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))`
    waiting = row?.count ?? 0
  }
}
