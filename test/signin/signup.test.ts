import t from 'tap'
import { bearer, build, type Kunci, mailedToken } from '../helper.js'
import { PASSWORD, post, refusal, signIn, signUp, someone } from './client.js'

const USERNAME_RULE = 'username must be 3 to 50 letters, digits, dots, underscores, hyphens or single inner spaces'
const USERNAME_TAKEN = refusal(409, 'Username already exists')
const EMAIL_TAKEN = refusal(409, 'Email already exists')

const kunci = await build(t, { CONTRACTS: '' })
const { app, clock } = kunci

async function accounts ({ sql }: Kunci): Promise<number> {
  const [row] = await sql<Array<{ count: number }>>`select count(*)::int from users`
  return row?.count ?? 0
}

t.test('a new account is shown as it is stored, and is not signed in', async t => {
  const response = await signUp(kunci, { email: ' User@Example.com ', username: 'John Doe.Jr', name: 'John Doé, S.Kom.' })
  t.equal(response.statusCode, 201)
  const at = clock.now.toISOString()
  t.strictSame(response.json(), {
    user: { id: 1, email: 'user@example.com', username: 'John Doe.Jr', name: 'John Doé, S.Kom.', createdAt: at, updatedAt: at },
    message: 'User created successfully'
  })
  t.same(response.cookies, [])
  t.same(await kunci.sql`select id from sessions`, [])
  t.same(await kunci.sql`select name from roles join user_roles on role_id = roles.id`, [{ name: 'user' }])
  t.equal((await signIn(kunci, 'john doe.jr')).statusCode, 200, 'it may sign in at once, unverified')
  t.equal((await app.inject({ method: 'POST', url: '/auth/login', payload: { email: 'user@example.com', password: PASSWORD } })).statusCode, 403)
  await app.inject({ method: 'POST', url: '/auth/verify', payload: { token: await mailedToken(kunci, 'user@example.com') } })
  t.equal((await app.inject({ method: 'POST', url: '/auth/login', payload: { email: 'user@example.com', password: PASSWORD } })).statusCode, 200)
})

t.test('what is wrong is listed in the words of class-validator, in the order of the fields, unknown ones last', async t => {
  const before = await accounts(kunci)
  const nameRule = 'name must be 1 to 100 characters, not blank, without control characters'
  const cases: Array<[object, string[]]> = [
    [{}, ['email should not be empty', 'username should not be empty', 'password should not be empty', 'name should not be empty']],
    [{ name: '', password: '', username: '', email: '' }, ['email should not be empty', 'username should not be empty', 'password should not be empty', 'name should not be empty']],
    [{ name: ' ', password: 'short', username: 'x', email: 'user' }, ['email must be an email', USERNAME_RULE, 'password must be longer than or equal to 8 characters', nameRule]],
    [{ name: 'x'.repeat(101), password: 'x'.repeat(129), username: 'x'.repeat(51), email: `${'x'.repeat(100)}@example.com` }, [
      'email must be an email', USERNAME_RULE, 'password must be shorter than or equal to 128 characters', nameRule
    ]],
    [{ name: 1, password: true, username: null, email: ['user@example.com'] }, ['email must be a string', 'username must be a string', 'password must be a string', 'name must be a string']],
    [{ name: { first: 'John' }, password: 12345678, username: [], email: { $ne: '' } }, ['email must be a string', 'username must be a string', 'password must be a string', 'name must be a string']],
    [{ name: 'John\0', password: 'password\ud800', username: 'john\0', email: 'user@example.com\0' }, ['email must be valid text', 'username must be valid text', 'password must be valid text', 'name must be valid text']],
    [{ isAdmin: true, username: 'x', permissions: ['*'], email: 'bad' }, ['email must be an email', USERNAME_RULE, 'password should not be empty', 'name should not be empty', 'property isAdmin should not exist', 'property permissions should not exist']],
    [[], ['body must be an object']]
  ]
  for (const [payload, message] of cases) {
    const response = await post(kunci, 'signup', payload)
    t.equal(response.statusCode, 400, message.join())
    t.strictSame(response.json(), refusal(400, message), message.join())
  }
  for (const field of ['id', 'role', 'role_id', 'isAdmin', 'permissions', 'email_verified_at', 'createdAt', 'passwordHash', 'Email', 'phone', '__proto__x']) {
    const response = await signUp(kunci, { email: 'unknown@example.com', username: 'unknown', [field]: 1 })
    t.equal(response.statusCode, 400, field)
    t.strictSame(response.json(), refusal(400, [`property ${field} should not exist`]), field)
  }
  t.equal(await accounts(kunci), before)
})

t.test('a body that is no JSON object of a kind that is taken is refused in the same shape', async t => {
  const json = { 'content-type': 'application/json' }
  const cases = [
    { request: { payload: '{"email":', headers: json }, status: 400, message: 'Malformed JSON' },
    { request: { payload: 'email=user', headers: { 'content-type': 'application/x-www-form-urlencoded' } }, status: 415, message: 'Unsupported media type' },
    { request: { payload: { name: 'x'.repeat(65 * 1024) } }, status: 413, message: 'Payload too large' },
    { request: {}, status: 400, message: ['email should not be empty', 'username should not be empty', 'password should not be empty', 'name should not be empty'] },
    { request: { payload: 'null', headers: json }, status: 400, message: ['body must be an object'] },
    { request: { payload: '"text"', headers: json }, status: 400, message: ['body must be an object'] }
  ]
  for (const { request, status, message } of cases) {
    const response = await app.inject({ method: 'POST', url: '/signin/auth/signup', ...request })
    t.equal(response.statusCode, status, String(message))
    t.strictSame(response.json(), refusal(status, message), String(message))
  }
})

t.test('usernames of the form are taken, and no others', async t => {
  const fit = ['abc', 'a'.repeat(50), 'jefli jonathan', 'a b c', '...', '-_-', '007', 'J.D_s-1 x']
  for (const [index, username] of fit.entries()) {
    const response = await signUp(kunci, { username, email: `fit${index}@example.com` })
    t.equal(response.statusCode, 201, username)
    t.equal(response.json().user.username, username)
  }
  const unfit = [
    'ab', 'a'.repeat(51), ' siti', 'siti ', 'siti  dewi', 'siti\tdewi', 'siti\n', 'siti\u00a0dewi', 'siti\u200b', 'sit\u00ef', '\u212airana', '\uff2birana',
    '\u0455iti', 'siti@example.com', 'siti/dewi', "siti'--", '<b>siti</b>', '   ', '😀😀😀', '\u0661\u0662\u0663'
  ]
  for (const username of unfit) {
    const response = await signUp(kunci, { username, email: 'unfit@example.com' })
    t.equal(response.statusCode, 400, JSON.stringify(username))
    t.strictSame(response.json(), refusal(400, [USERNAME_RULE]), JSON.stringify(username))
  }
})

t.test('a username or email that somebody has, in whatever case, is refused', async t => {
  await signUp(kunci, { username: 'Jane D', email: 'jane@example.com' })
  const before = await accounts(kunci)
  for (const username of ['Jane D', 'jane d', 'JANE D']) {
    const response = await signUp(kunci, { username, email: 'other@example.com' })
    t.equal(response.statusCode, 409, username)
    t.strictSame(response.json(), USERNAME_TAKEN, username)
  }
  for (const email of ['jane@example.com', ' JANE@Example.COM ']) {
    const response = await signUp(kunci, { username: 'other', email })
    t.equal(response.statusCode, 409, email)
    t.strictSame(response.json(), EMAIL_TAKEN, email)
  }
  t.equal((await app.inject({ method: 'POST', url: '/api/auth/register', payload: { name: 'John Doe', email: 'panel@example.com', password: 'SecurePassword123!' } })).statusCode, 201)
  t.strictSame((await signUp(kunci, { username: 'other', email: 'panel@example.com' })).json(), EMAIL_TAKEN, 'also when it came through another contract')
  t.equal(await accounts(kunci), before + 1)
})

t.test('an address whose former owner may still take it back is as good as taken', async t => {
  await someone(kunci, 'former')
  const { token } = (await app.inject({ method: 'POST', url: '/donation/auth/login', payload: { email: 'former@example.com', password: PASSWORD } })).json().data
  t.equal((await app.inject({ method: 'PATCH', url: '/donation/auth/profile/update', headers: bearer(token), payload: { email: 'newer@example.com' } })).statusCode, 200)
  const taken = await signUp(kunci, { username: 'heir', email: 'former@example.com' })
  t.equal(taken.statusCode, 409)
  t.strictSame(taken.json(), EMAIL_TAKEN)
  clock.advance(7 * 24 * 3600)
  t.equal((await signUp(kunci, { username: 'heir', email: 'former@example.com' })).statusCode, 201, 'after seven days it is free')
})

t.test('of many at once that want one username or email, one gets it', async t => {
  const byName = await Promise.all(Array.from({ length: 5 }, async (_, index) => await signUp(kunci, { username: index % 2 === 0 ? 'wanted' : 'WANTED', email: `wants${index}@example.com` })))
  t.same(byName.map(answer => answer.statusCode).sort(), [201, 409, 409, 409, 409])
  t.strictSame(byName.find(answer => answer.statusCode === 409)?.json(), USERNAME_TAKEN)
  const byEmail = await Promise.all(Array.from({ length: 5 }, async (_, index) => await signUp(kunci, { username: `wants-${index}`, email: 'wanted@example.com' })))
  t.same(byEmail.map(answer => answer.statusCode).sort(), [201, 409, 409, 409, 409])
  t.strictSame(byEmail.find(answer => answer.statusCode === 409)?.json(), EMAIL_TAKEN)
})

t.test("the document's password is taken, and refused where the list is switched on", async t => {
  t.equal((await someone(kunci, 'common')).statusCode, 201)
  const strict = await build(t, { CONTRACTS: '', SIGNIN_PASSWORD_LIST: 'on' })
  for (const password of ['password123', 'PASSWORD123', '12345678', 'qwertyuiop']) {
    const response = await signUp(strict, { password })
    t.equal(response.statusCode, 400, password)
    t.strictSame(response.json(), refusal(400, ['password is one of the most common passwords']), password)
  }
  t.equal(await accounts(strict), 0)
  t.equal((await signUp(strict, { password: 'kopi susu gula aren' })).statusCode, 201)

  const off = await build(t, { CONTRACTS: '', SIGNIN_PASSWORD_LIST: 'off' })
  t.equal((await signUp(off)).statusCode, 201)
})
