import t, { type Test } from 'tap'
import { bearer, build } from '../helper.js'
import { clientOf } from './client.js'
import { conforms, forms, readDocument } from './document.js'

const document = await readDocument('console', '/api/auth')
const credentials = document.sample(['1. Login', 'Sample Request']).body
const LoggedIn = document.sample(['1. Login', 'Sample Response'])
const Registered = document.sample(['2. Register', 'Sample Response'])
const Me = document.sample(['3. Get Current User', 'Sample Response'])
const Refreshed = document.sample(['4. Refresh Token', 'Sample Response'])

const tokens = { 'data.token': forms.jwt, 'data.refreshToken': forms.secret }

/** The application with the administrator of whom the document speaks. */
async function buildWithAdministrator (t: Test) {
  const kunci = await build(t, { CONTRACTS: 'console', ADMIN_EMAIL: credentials.email, ADMIN_PASSWORD: credentials.password })
  const { name, role } = Me.body.data
  await kunci.sql`update users set name = ${name}`
  await kunci.sql`update roles set name = ${role.name}, permissions = ${role.permissions} where number = ${role.id}`
  return { clock: kunci.clock, ask: clientOf(kunci, '/api/auth') }
}

t.test('every sample of the console document is answered to the letter', async t => {
  const { ask } = await buildWithAdministrator(t)

  const registered = await ask('POST', '/register', document.sample(['2. Register', 'Sample Request']).body)
  conforms(t, registered, Registered, { 'data.user.id': forms.number, 'data.user.created_at': forms.time, ...tokens })
  const fresh = await ask('GET', '/me', undefined, bearer(registered.json().data.token))
  t.equal(fresh.statusCode, 200, 'the new account is signed in')

  const loggedIn = await ask('POST', '/login', credentials)
  conforms(t, loggedIn, LoggedIn, { 'data.user.id': forms.number, ...tokens })
  const request = document.sample(['4. Refresh Token', 'Sample Request']).body
  const refreshed = await ask('POST', '/refresh', { ...request, refreshToken: loggedIn.json().data.refreshToken })
  conforms(t, refreshed, Refreshed, tokens)
  t.equal((await ask('POST', '/refresh', request)).statusCode, 401, 'what stands for a token in the document is none')

  const headers = bearer(refreshed.json().data.token)
  conforms(t, await ask('GET', '/me', undefined, headers), Me, { 'data.id': forms.number, 'data.created_at': forms.time })
  conforms(t, await ask('POST', '/logout', undefined, headers), document.sample(['5. Logout', 'Sample Response']))
  t.strictSame(document.unused(), [])
})

t.test('an access token lives for the seconds that its answer tells', async t => {
  const { clock, ask } = await buildWithAdministrator(t)
  const { token, expiresIn } = (await ask('POST', '/login', credentials)).json().data
  const me = async () => await ask('GET', '/me', undefined, bearer(token))
  clock.advance(expiresIn - 1)
  t.equal((await me()).statusCode, 200)
  clock.advance(1)
  t.equal((await me()).statusCode, 401)
})
