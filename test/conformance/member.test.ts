import t, { type Test } from 'tap'
import { bearer, build, mailedToken } from '../helper.js'
import { clientOf } from './client.js'
import { conforms, forms, readDocument } from './document.js'

const document = await readDocument('member', '/api/auth')
const LoggedIn = document.sample(['deskripsi'])
const Refreshed = document.sample(['fitur refresh token POST /api/auth/refresh-token'])
const MailSent = document.sample(['1. send verification email POST /api/auth/send-verification-email'])

// The document gives the name and the address of its user, but no password.
const { username } = LoggedIn.body.data
const { email } = MailSent.body.data
const PASSWORD = 'kata sandi panjang'
const NEW_PASSWORD = 'kata sandi lain'

const tokens = { 'data.token': forms.jwt, 'data.refresh_token': forms.secret }

/** The application with the user of whom the document speaks; in this contract nobody registers. */
async function buildWithMember (t: Test) {
  const kunci = await build(t, { CONTRACTS: 'member', ADMIN_EMAIL: email, ADMIN_USERNAME: username, ADMIN_PASSWORD: PASSWORD })
  const { sql } = kunci
  const [first, second] = LoggedIn.body.data.role_user
  await sql`update roles set name = ${first.name} where number = 1`
  await sql`update roles set name = ${second.name} where number = 2`
  await sql`
    insert into user_roles (user_id, role_id, status, is_primary, created_at, updated_at)
    select users.id, roles.id, ${second.status}, false, users.created_at, users.updated_at from users, roles where roles.number = 2`
  return { kunci, clock: kunci.clock, ask: clientOf(kunci, '/api/auth') }
}

t.test('every sample of the member document is answered to the letter', async t => {
  const { kunci, ask } = await buildWithMember(t)

  const loggedIn = await ask('POST', '/login', { username, password: PASSWORD })
  conforms(t, loggedIn, LoggedIn, {
    'data.id': forms.uuid,
    'data.role_user.*.id': forms.uuid,
    'data.role_user.*.created_at': forms.time,
    'data.role_user.*.updated_at': forms.time,
    ...tokens
  })
  const refreshed = await ask('POST', '/refresh-token', { refresh_token: loggedIn.json().data.refresh_token })
  conforms(t, refreshed, Refreshed, tokens)

  const headers = bearer(refreshed.json().data.token)
  conforms(t, await ask('POST', '/edit-profile', { name: 'Jefli Jonathan' }, headers), document.sample(['fitur Edit Profile POST /api/auth/edit-profile']))
  conforms(t, await ask('POST', '/edit-password', { old_password: PASSWORD, new_password: NEW_PASSWORD }, headers), document.sample(['verify old password first']))
  conforms(t, await ask('POST', '/logout', undefined, headers), document.sample(['fitur logout POST /api/auth/logout']))

  conforms(t, await ask('POST', '/send-verification-email', { email }), MailSent)
  const token = await mailedToken(kunci, email)
  conforms(t, await ask('POST', '/verify-email', { token }), document.sample(['2. verify email POST /api/auth/verify-email']))
  conforms(t, await ask('POST', '/reset-password', { token, password: PASSWORD }), document.sample(['3. reset password POST /api/auth/reset-password']))
  t.equal((await ask('POST', '/login', { username, password: PASSWORD })).statusCode, 200)
  t.strictSame(document.unused(), [])
})

t.test('an access token lives for 1 hour and a refresh token for 24, as the document says', async t => {
  const { clock, ask } = await buildWithMember(t)
  const { token, refresh_token: refreshToken } = (await ask('POST', '/login', { username, password: PASSWORD })).json().data
  const sessions = async () => await ask('GET', '/sessions', undefined, bearer(token))
  clock.advance(3599)
  t.equal((await sessions()).statusCode, 200)
  clock.advance(1)
  t.equal((await sessions()).statusCode, 401)
  clock.advance(23 * 3600 - 1)
  t.equal((await ask('POST', '/refresh-token', { refresh_token: refreshToken })).statusCode, 200)
  clock.advance(1)
  t.equal((await ask('POST', '/refresh-token', { refresh_token: refreshToken })).statusCode, 401)
})

t.test("the document's table of JWTs is the list of sessions", async t => {
  const { clock, ask } = await buildWithMember(t)
  const agent = { 'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1' }
  const { id, token } = (await ask('POST', '/login', { username, password: PASSWORD }, agent)).json().data
  const { data } = (await ask('GET', '/sessions', undefined, bearer(token))).json()
  const [session] = data
  t.strictSame(data, [{ id: session.id, revoke: false, ip_address: '127.0.0.1', device: 'phone', users_id: id, created_at: clock.now.toISOString(), updated_at: clock.now.toISOString() }])
  t.ok(forms.uuid(session.id))
})
