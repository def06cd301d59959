import t from 'tap'
import { bearer, build } from '../helper.js'
import { clientOf } from './client.js'
import { conforms, forms, readDocument } from './document.js'

const document = await readDocument('signin', '/auth')
const account = document.sample(['1. Sign Up (Register)', 'Request Body']).body
const SignedUp = document.sample(['1. Sign Up (Register)', 'Response (201 Created)'])
const credentials = document.sample(['2. Sign In (Login)', 'Request Body']).body
const SignedIn = document.sample(['2. Sign In (Login)', 'Response (200 OK)'])
const Refreshed = document.sample(['3. Refresh Token', 'Response (200 OK)'])
const BadRequest = document.sample(['Error Responses', '400 Bad Request'])

const tokens = { accessToken: forms.jwt, refreshToken: forms.secret }

t.test('every sample of the signin document is answered to the letter', async t => {
  const ask = clientOf(await build(t, { CONTRACTS: 'signin' }), '/auth')

  conforms(t, await ask('POST', '/signin', credentials), document.sample(['Error Responses', '401 Unauthorized']))
  const { username: _, ...nameless } = account
  conforms(t, await ask('POST', '/signup', nameless), BadRequest)
  conforms(t, await ask('POST', '/signup', { ...account, username: '' }), BadRequest)
  conforms(t, await ask('POST', '/signin', { password: credentials.password }), BadRequest)

  conforms(t, await ask('POST', '/signup', account), SignedUp, { 'user.id': forms.number, 'user.createdAt': forms.time, 'user.updatedAt': forms.time })
  conforms(t, await ask('POST', '/signup', { ...account, email: `another.${account.email}` }), document.sample(['Error Responses', '409 Conflict']))

  const signedIn = await ask('POST', '/signin', credentials)
  conforms(t, signedIn, SignedIn, { 'user.id': forms.number, ...tokens })
  const request = document.sample(['3. Refresh Token', 'Request Body']).body
  const refreshed = await ask('POST', '/refresh', { ...request, refreshToken: signedIn.json().refreshToken })
  conforms(t, refreshed, Refreshed, tokens)
  t.equal((await ask('POST', '/refresh', request)).statusCode, 401, 'what stands for a token in the document is none')

  const headers = bearer(refreshed.json().accessToken)
  conforms(t, await ask('GET', '/profile', undefined, headers), document.sample(['5. Get Profile', 'Response (200 OK)']), { userId: forms.number })
  conforms(t, await ask('POST', '/logout', undefined, headers), document.sample(['4. Logout', 'Response (200 OK)']))
  t.strictSame(document.unused(), [])
})

t.test('an access token lives for 15 minutes and a refresh token for 7 days, as the document says', async t => {
  const kunci = await build(t, { CONTRACTS: 'signin' })
  const { clock } = kunci
  const ask = clientOf(kunci, '/auth')
  await ask('POST', '/signup', account)
  const { accessToken, refreshToken } = (await ask('POST', '/signin', credentials)).json()
  const profile = async () => await ask('GET', '/profile', undefined, bearer(accessToken))
  const refresh = async () => await ask('POST', '/refresh', { refreshToken })
  clock.advance(15 * 60 - 1)
  t.equal((await profile()).statusCode, 200)
  clock.advance(1)
  t.equal((await profile()).statusCode, 401)
  clock.advance(7 * 24 * 3600 - 15 * 60 - 1)
  t.equal((await refresh()).statusCode, 200)
  clock.advance(1)
  t.equal((await refresh()).statusCode, 401)
})
