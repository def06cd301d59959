import { randomUUID } from 'node:crypto'
import t from 'tap'
import { bearer, build } from '../helper.js'
import { ACCESS_REQUIRED, INVALID_ACCESS, invalid, login, loginStatus, logout, PASSWORD, post, signUp, succeeded } from './client.js'

const UPDATED = succeeded('Profile updated successfully')
const USERNAME_RULE = 'username must be 3 to 50 letters, digits, dots, underscores, hyphens or single inner spaces'
const PHONE_RULE = 'phone must be a valid phone number of at most 15 characters'

const kunci = await build(t, { CONTRACTS: '' })
const { app, clock, sql } = kunci

async function edit (accessToken: string, payload: object) {
  return await post(kunci, 'edit-profile', payload, bearer(accessToken))
}

async function rowOf (email: string) {
  const [row] = await sql`select username, name, email, phone, updated_at from users where email = ${email}`
  return row
}

/** @returns an access token of a new account */
async function someone (username: string): Promise<string> {
  await signUp(kunci, username)
  return (await login(kunci, username)).accessToken
}

t.test('each field holds at once, alone or beside others', async t => {
  const accessToken = await someone('fields')
  let expected: Record<string, unknown> = { ...await rowOf('fields@example.com') }
  t.same(expected, { username: 'fields', name: 'Jefli Jonathan', email: 'fields@example.com', phone: null, updated_at: clock.now })
  const changes = [
    { username: 'Jefli Jonathan' },
    { name: 'Siti Núr Ḥaliza, S.Kom.' },
    { phone: '081234567890' },
    { username: 'siti', name: 'Siti', phone: '+62 812-345-678' }
  ]
  for (const change of changes) {
    clock.advance(5)
    const response = await edit(accessToken, change)
    t.equal(response.statusCode, 200)
    t.strictSame(response.json(), UPDATED)
    expected = { ...expected, ...change, updated_at: clock.now }
    t.same(await rowOf('fields@example.com'), expected)
  }
  t.equal(await loginStatus(kunci, 'SITI'), 200)
  t.equal(await loginStatus(kunci, 'Jefli Jonathan'), 401)
  const { data } = (await app.inject({ method: 'POST', url: '/donation/auth/login', payload: { email: 'fields@example.com', password: PASSWORD } })).json()
  t.match(data, { nama_lengkap: 'Siti', telp: '+62 812-345-678' }, 'as it was sent, in every contract')
})

t.test('a username that somebody has, in whatever case, is refused', async t => {
  await signUp(kunci, 'Holder H', 'holder@example.com')
  const accessToken = await someone('wants')
  const before = await rowOf('wants@example.com')
  for (const username of ['Holder H', 'holder h', 'HOLDER H']) {
    const response = await edit(accessToken, { username, name: 'Not taken either' })
    t.equal(response.statusCode, 409, username)
    t.strictSame(response.json(), { status: 'Error', status_code: 409, message: 'Username already exists' })
  }
  t.same(await rowOf('wants@example.com'), before)
  t.strictSame((await edit(accessToken, { username: 'WANTS' })).json(), UPDATED, 'the own one in other case is free')
})

t.test('of many that want one username at once, one gets it', async t => {
  const tokens = await Promise.all(Array.from({ length: 5 }, async (_, index) => await someone(`wants-${index}`)))
  const answers = await Promise.all(tokens.map(async token => await edit(token, { username: 'wanted' })))
  t.same(answers.map(answer => answer.statusCode).sort(), [200, 409, 409, 409, 409])
  t.strictSame(answers.find(answer => answer.statusCode === 409)?.json(), { status: 'Error', status_code: 409, message: 'Username already exists' })
})

t.test('a field of another form is refused by its rule, and nothing is changed', async t => {
  const accessToken = await someone('forms')
  const before = await rowOf('forms@example.com')
  const nameRule = 'name must be 1 to 100 characters, not blank, without control characters'
  const cases: Array<[object, string[]]> = [
    ...['ab', 'a'.repeat(51), ' siti', 'siti ', 'siti  dewi', 'siti\tdewi', 'siti\u00a0dewi', 'sit\u00ef', '\u212airana', '\uff2birana', 'siti@example.com', '   '].map(
      (username): [object, string[]] => [{ username }, [USERNAME_RULE]]),
    ...['   ', 'x'.repeat(101), 'Siti\nDewi', 'Siti\u0007'].map((name): [object, string[]] => [{ name }, [nameRule]]),
    ...['12', '0812345678901234', 'siti', '+62 812 3456 7890', '0812\n3456789', '+999 1234567'].map((phone): [object, string[]] => [{ phone }, [PHONE_RULE]]),
    [{ username: '', name: '', email: '', phone: '', current_password: '' }, ['username is required', 'name is required', 'email is required', 'phone is required', 'current_password is required']],
    [{ username: 1, name: null, phone: ['081234567890'] }, ['username must be a string', 'name must be a string', 'phone must be a string']],
    [{ name: 'Siti\0' }, ['name must be valid text']],
    [{ username: 'ok name', phone: '12' }, [PHONE_RULE]],
    [{}, ['body must have something to change']],
    [{ current_password: PASSWORD }, ['body must have something to change']],
    [{ current_password: 'wrong' }, ['body must have something to change']]
  ]
  for (const [payload, errors] of cases) {
    const response = await edit(accessToken, payload)
    t.equal(response.statusCode, 400, JSON.stringify(payload))
    t.strictSame(response.json(), invalid(...errors), JSON.stringify(payload))
  }
  const bodyless = await app.inject({ method: 'POST', url: '/member/api/auth/edit-profile', headers: bearer(accessToken) })
  t.strictSame(bodyless.json(), invalid('body must have something to change'))
  t.same(await rowOf('forms@example.com'), before)
})

t.test('what may be a phone number depends on the region', async t => {
  const abroad = await build(t, { CONTRACTS: '', PHONE_REGION: 'SG' })
  const at = async (place: typeof kunci, phone: string) => {
    await signUp(place, 'caller')
    const { accessToken } = await login(place, 'caller')
    return (await post(place, 'edit-profile', { phone }, bearer(accessToken))).statusCode
  }
  t.equal(await at(kunci, '081234567890'), 200)
  t.equal(await at(abroad, '081234567890'), 400)
  t.equal(await at(abroad, '81234567'), 200)
  t.equal(await at(abroad, '+6281234567890'), 200)
})

t.test('nothing else of an account can be set', async t => {
  const accessToken = await someone('power')
  const rows = async () => await sql`select users.*, role_id, status from users join user_roles on user_id = users.id where username = 'power'`
  const before = await rows()
  const fields: Record<string, unknown> = {
    id: randomUUID(),
    password: 'kopi susu gula aren',
    new_password: 'kopi susu gula aren',
    role_user: [{ name: 'admin', status: true }],
    role_id: 1,
    isAdmin: true,
    permissions: ['users.create'],
    email_verified_at: '2026-01-01T00:00:00.000Z',
    id_post: randomUUID(),
    status: false,
    Username: 'siti'
  }
  for (const [field, value] of Object.entries(fields)) {
    const response = await edit(accessToken, { username: 'more power', [field]: value })
    t.equal(response.statusCode, 400, field)
    t.strictSame(response.json(), invalid(`${field} is not allowed`), field)
  }
  t.same(await rows(), before)
})

t.test('who is not signed in here changes nothing', async t => {
  const accessToken = await someone('closed')
  const { accessToken: foreign } = (await app.inject({ method: 'POST', url: '/signin/auth/signin', payload: { username: 'closed', password: PASSWORD } })).json()
  const payload = { username: 'opened' }
  const without = await post(kunci, 'edit-profile', payload)
  t.equal(without.statusCode, 401)
  t.strictSame(without.json(), ACCESS_REQUIRED)
  t.strictSame((await edit(foreign, payload)).json(), INVALID_ACCESS)
  await logout(kunci, accessToken)
  t.strictSame((await edit(accessToken, payload)).json(), INVALID_ACCESS)
  t.equal(await loginStatus(kunci, 'closed'), 200)
})
