import t from 'tap'
import { bearer, build, mailedToken } from '../helper.js'
import { cookieOf } from '../outlet/client.js'
import { clientOf } from './client.js'
import { conforms, forms, readDocument } from './document.js'

const document = await readDocument('outlet', '/auth')
const registration = document.sample(['Register User', 'Request Body']).body
const credentials = document.sample(['Login User', 'Request Body']).body
const LoggedIn = document.sample(['Login User', 'Response'])
const Refreshed = document.sample(['Refresh Token', 'Response'])
const Profile = document.sample(['Get User Profile', 'Response'])
const InvalidCredentials = document.sample(['Error Responses', 'Unauthorized (401)'])

t.test('every sample of the outlet document is answered to the letter', async t => {
  const kunci = await build(t, { CONTRACTS: 'outlet' })
  const ask = clientOf(kunci, '/auth')
  // The rows of which the document speaks.
  const { outlet, role } = Profile.body.data
  await kunci.sql`update outlets set id = ${registration.outlet_id}, name = ${outlet.name}`
  await kunci.sql`update roles set id = ${registration.role_id}, self_assignable = true where name = ${role.name}`

  conforms(t, await ask('POST', '/login', credentials), InvalidCredentials)
  conforms(t, await ask('POST', '/register', registration), document.sample(['Register User', 'Response']))
  conforms(t, await ask('POST', '/register', registration), document.sample(['Error Responses', 'Conflict (409)']))
  conforms(t, await ask('POST', '/login', { ...credentials, password: registration.email }), InvalidCredentials)

  const verification = document.sample(['Verify Email', 'Request Body']).body
  conforms(t, await ask('POST', '/verify', verification), document.sample(['Error Responses', 'Bad Request (400)']))
  const token = await mailedToken(kunci, registration.email)
  conforms(t, await ask('POST', '/verify', { ...verification, token }), document.sample(['Verify Email', 'Response']))

  const loggedIn = await ask('POST', '/login', credentials)
  conforms(t, loggedIn, LoggedIn, { 'data.access_token': forms.jwt })
  t.match(loggedIn.cookies, [{ name: 'refresh_token', httpOnly: true }, { name: 'refresh_token_device', httpOnly: true }])
  const refreshed = await ask('POST', '/refresh', undefined, { cookie: `refresh_token=${cookieOf(loggedIn)}` })
  conforms(t, refreshed, Refreshed, { access_token: forms.jwt })

  const headers = bearer(refreshed.json().access_token)
  conforms(t, await ask('GET', '/profile', undefined, headers), Profile, { 'data.id': forms.uuid, 'data.createdAt': forms.time, 'data.updatedAt': forms.time })
  conforms(t, await ask('POST', '/resend/verify', undefined, headers), document.sample(['Resend Verification Email', 'Response']))
  conforms(t, await ask('POST', '/logout', undefined, headers), document.sample(['Logout User', 'Response']))
  t.strictSame(document.unused(), [])
})

t.test('an access token lives for 15 minutes, and its session for 3 days, as the document says', async t => {
  const kunci = await build(t, { CONTRACTS: 'outlet', ADMIN_EMAIL: credentials.email, ADMIN_PASSWORD: credentials.password })
  const { clock } = kunci
  const ask = clientOf(kunci, '/auth')
  const loggedIn = await ask('POST', '/login', credentials)
  const refresh = async () => await ask('POST', '/refresh', undefined, { cookie: `refresh_token=${cookieOf(loggedIn)}` })
  const profile = async () => await ask('GET', '/profile', undefined, bearer(loggedIn.json().data.access_token))
  clock.advance(15 * 60 - 1)
  t.equal((await profile()).statusCode, 200)
  clock.advance(1)
  t.equal((await profile()).statusCode, 401)
  clock.advance(3 * 24 * 3600 - 15 * 60 - 1)
  t.equal((await refresh()).statusCode, 200)
  clock.advance(1)
  t.equal((await refresh()).statusCode, 401)
})
