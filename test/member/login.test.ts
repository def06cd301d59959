import t from 'tap'
import { bearer, build } from '../helper.js'
import { INVALID_ACCESS, INVALID_CREDENTIALS, invalid, login, loginStatus, PASSWORD, post, sessions, signUp } from './client.js'

const kunci = await build(t, { CONTRACTS: '' })
const { clock, sql } = kunci

async function attempt (username: unknown, password: unknown = PASSWORD) {
  return await post(kunci, 'login', { username, password })
}

t.test('a username is found without case and shown as it was chosen', async t => {
  await signUp(kunci, 'Jefli Kristian.S', 'jefli@example.com')
  const [account] = await sql`select id from users where email = 'jefli@example.com'`
  const [role] = await sql`select id from roles where name = 'user'`
  for (const spelled of ['Jefli Kristian.S', 'jefli kristian.s', 'JEFLI KRISTIAN.S', 'jEFLI kRISTIAN.s']) {
    const response = await attempt(spelled)
    t.equal(response.statusCode, 200, spelled)
    const { token, refresh_token: refreshToken } = response.json().data
    t.strictSame(response.json(), {
      status: 'Success',
      status_code: 200,
      message: 'User Successfully Logged In',
      data: {
        id: account?.['id'],
        username: 'Jefli Kristian.S',
        role_user: [{ id: role?.['id'], name: 'user', status: true, created_at: clock.now.toISOString(), updated_at: clock.now.toISOString() }],
        token,
        refresh_token: refreshToken
      }
    }, spelled)
    t.match(token, /^[\w-]+\.[\w-]+\.[\w-]+$/)
    t.match(refreshToken, /^[\w-]{98}$/)
    t.equal(response.headers['cache-control'], 'no-store')
    t.same(response.cookies, [], 'tokens travel in the body alone')
  }
})

t.test('a username spelled in any other way is refused like an unknown one', async t => {
  await signUp(kunci, 'Kiki Saski', 'kiki@example.com')
  const spellings: Record<string, string> = {
    'a space before it': ' Kiki Saski',
    'a space after it': 'Kiki Saski ',
    'a line break after it': 'Kiki Saski\n',
    'two inner spaces': 'Kiki  Saski',
    'no inner space': 'KikiSaski',
    'a tab for the space': 'Kiki\tSaski',
    'a space that does not break': 'Kiki\u00a0Saski',
    'an ideographic space': 'Kiki\u3000Saski',
    'an encoded space': 'Kiki%20Saski',
    'a plus for the space': 'Kiki+Saski',
    'the Kelvin sign, whose lower case is a k': '\u212aiki Saski',
    'a long s, whose upper case is an S': 'Kiki \u017faski',
    'a dotted capital I': 'K\u0130ki Saski',
    'a dotless i': 'K\u0131k\u0131 Saski',
    'a letter in full width': '\uff2biki Saski',
    'all letters in full width': '\uff2b\uff49\uff4b\uff49 \uff33\uff41\uff53\uff4b\uff49',
    'a Cyrillic letter': 'Kiki S\u0430ski',
    'a Greek letter': '\u039aiki Saski',
    'a mark on a letter': 'Kiki Sa\u0301ski',
    'nothing wide between letters': 'Kiki\u200b Saski',
    'the email address': 'kiki@example.com',
    'a pattern': 'Kiki%',
    'a piece of SQL': "Kiki Saski' or 1=1 --"
  }
  const unknown = await attempt('nobody')
  for (const [name, username] of Object.entries(spellings)) {
    const response = await attempt(username)
    t.equal(response.statusCode, 401, name)
    t.strictSame(response.json(), INVALID_CREDENTIALS, name)
    t.same(response.body, unknown.body, name)
  }
  t.equal(await loginStatus(kunci, 'kiki saski'), 200)
})

t.test('a wrong password and a disabled account are refused like an unknown username', async t => {
  await signUp(kunci, 'locked')
  for (const password of ['wrong', `${PASSWORD} `, ` ${PASSWORD}`, PASSWORD.toUpperCase(), PASSWORD.slice(0, -1), 'x'.repeat(5000)]) {
    const response = await attempt('locked', password)
    t.equal(response.statusCode, 401, password.slice(0, 30))
    t.strictSame(response.json(), INVALID_CREDENTIALS, password.slice(0, 30))
  }
  await sql`update users set disabled_at = ${clock.now} where username = 'locked'`
  t.strictSame((await attempt('locked')).json(), INVALID_CREDENTIALS)
  await sql`update users set disabled_at = null where username = 'locked'`
  t.equal(await loginStatus(kunci, 'locked'), 200)
})

t.test('signing in asks that both texts are there, no more', async t => {
  for (const username of ['x', 'x'.repeat(5000), '  ', '😀']) t.strictSame((await attempt(username, 'x')).json(), INVALID_CREDENTIALS, username.slice(0, 30))
  const cases: Array<[object, string[]]> = [
    [{}, ['username is required', 'password is required']],
    [{ username: '', password: '' }, ['username is required', 'password is required']],
    [{ username: 'siti' }, ['password is required']],
    [{ password: PASSWORD }, ['username is required']],
    [{ username: ['siti'], password: { $ne: '' } }, ['username must be a string', 'password must be a string']],
    [{ username: 1, password: null }, ['username must be a string', 'password must be a string']],
    [{ username: 'siti\0', password: 'kata\ud800' }, ['username must be valid text', 'password must be valid text']],
    [{ email: 'siti@example.com', username: 'siti', password: PASSWORD }, ['email is not allowed']],
    [[], ['body must be an object']]
  ]
  for (const [payload, errors] of cases) {
    const response = await post(kunci, 'login', payload)
    t.equal(response.statusCode, 400, errors.join())
    t.strictSame(response.json(), invalid(...errors), errors.join())
  }
})

t.test('a password is compared however its letters were composed', async t => {
  await signUp(kunci, 'composed')
  const { accessToken } = await login(kunci, 'composed')
  await post(kunci, 'edit-password', { old_password: PASSWORD, new_password: 'kaf\u00e9 di pojok' }, bearer(accessToken))
  t.equal(await loginStatus(kunci, 'composed', 'kafe\u0301 di pojok'), 200)
  t.equal(await loginStatus(kunci, 'composed', 'kafe di pojok'), 401)
})

t.test('an access token is good for an hour', async t => {
  await signUp(kunci, 'hour')
  const { accessToken } = await login(kunci, 'hour')
  clock.advance(3599)
  t.equal((await sessions(kunci, accessToken)).statusCode, 200)
  clock.advance(1)
  const expired = await sessions(kunci, accessToken)
  t.equal(expired.statusCode, 401)
  t.strictSame(expired.json(), INVALID_ACCESS)
})

t.test('nobody registers here', async t => {
  for (const path of ['register', 'signup']) {
    const response = await post(kunci, path, { username: 'siti', email: 'siti@example.com', password: PASSWORD })
    t.equal(response.statusCode, 404, path)
    t.strictSame(response.json(), { status: 'Error', status_code: 404, message: 'Not found' }, path)
  }
})
