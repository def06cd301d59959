import t from 'tap'
import { bearer, build } from '../helper.js'
import { login as loginToOutlet } from '../outlet/client.js'
import { ADMINISTRATOR, FORBIDDEN, INVALID_ACCESS, invalid, login, me, PASSWORD, register, tokensOf, WITH_ADMINISTRATOR, written } from './client.js'

const kunci = await build(t, WITH_ADMINISTRATOR)
const { app, clock, sql } = kunci

const NOT_FOUND = { status: false, message: 'Role not found', code: 400 }

async function as (name: string, role: unknown, headers: Record<string, string> = {}) {
  return await register(kunci, { email: `${name}@example.com`, role_id: role }, headers)
}

async function administrator (): Promise<string> {
  return (await login(kunci, ADMINISTRATOR.email, ADMINISTRATOR.password)).accessToken
}

t.test('whoever registers chooses among the roles that are for everybody', async t => {
  for (const role of [2, 3]) {
    const response = await as(`chooses-${role}`, role)
    t.equal(response.statusCode, 201)
    t.equal(response.json().data.user.role_id, role)
    t.match((await me(kunci, tokensOf(response).accessToken)).json().data, { role_id: role, role: { id: role, name: role === 2 ? 'user' : 'volunteer', permissions: [] } })
  }
})

t.test('an unknown number is refused', async t => {
  const before = await written(kunci)
  for (const role of [4, 999, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
    const response = await as('unknown', role)
    t.equal(response.statusCode, 400, String(role))
    t.strictSame(response.json(), NOT_FOUND, String(role))
  }
  t.same(await written(kunci), before)
})

t.test('what is no whole number from 1 is refused by the rule', async t => {
  const before = await written(kunci)
  // As text, since JavaScript could not write all of them: 1e400 is beyond every number, 2^53 + 1 between two.
  const roles = ['0', '-0', '-1', '1.5', '2.0000001', '"2"', '""', 'null', 'true', '[2]', '{}', '1e400', '-1e400', '9007199254740993', '9007199254740992', '1e19', '0.5', '-1.5', '1e-7']
  for (const role of roles) {
    const response = await app.inject({
      method: 'POST',
      url: '/api/auth/register',
      headers: { 'content-type': 'application/json' },
      payload: `{ "name": "John Doe", "email": "rule@example.com", "password": "${PASSWORD}", "role_id": ${role} }`
    })
    t.equal(response.statusCode, 400, role)
    t.strictSame(response.json(), invalid('role_id must be a whole number from 1'), role)
  }
  t.same(await written(kunci), before)
})

t.test('nobody makes themselves an administrator', async t => {
  const ordinary = tokensOf(await as('ordinary', 2)).accessToken
  const before = await written(kunci)
  for (const headers of [{}, bearer(ordinary)]) {
    const response = await as('thief', 1, headers)
    t.equal(response.statusCode, 403)
    t.strictSame(response.json(), FORBIDDEN)
  }
  t.same(await written(kunci), before)
})

t.test("an administrator's token of this contract gives any role, and signs the new account in, not its maker", async t => {
  const response = await as('second.admin', 1, bearer(await administrator()))
  t.equal(response.statusCode, 201)
  t.equal(response.json().data.user.role_id, 1)
  const { accessToken } = tokensOf(response)
  t.equal((await me(kunci, accessToken)).json().data.email, 'second.admin@example.com')
  t.equal((await as('third.admin', 1, bearer(accessToken))).statusCode, 201, 'who was made one is one')
})

t.test("an administrator's token of another contract gives nothing", async t => {
  const { accessToken } = await loginToOutlet(kunci, ADMINISTRATOR.email, ADMINISTRATOR.password)
  const donation = (await app.inject({ method: 'POST', url: '/donation/auth/login', payload: ADMINISTRATOR })).json().data.token
  const before = await written(kunci)
  for (const token of [accessToken, donation]) {
    t.type(token, 'string')
    const response = await as('foreign', 1, bearer(token))
    t.equal(response.statusCode, 401)
    t.strictSame(response.json(), INVALID_ACCESS)
  }
  t.same(await written(kunci), before)
})

t.test("an administrator's token that has expired, ended or was forged gives nothing", async t => {
  const expired = await administrator()
  clock.advance(3600)
  const ended = await administrator()
  await app.inject({ method: 'POST', url: '/api/auth/logout', headers: bearer(ended) })
  const before = await written(kunci)
  for (const token of [expired, ended, 'forged']) {
    const response = await as('late', 1, bearer(token))
    t.equal(response.statusCode, 401)
    t.strictSame(response.json(), INVALID_ACCESS)
  }
  t.same(await written(kunci), before)
})

t.test('whose administrator role is taken away or not active any more gives nothing, from that moment', async t => {
  t.equal((await as('former.admin', 1, bearer(await administrator()))).statusCode, 201)
  for (const [index, status] of [true, false, true].entries()) {
    await sql`update user_roles set status = ${status} from users where users.id = user_id and email = 'former.admin@example.com'`
    const signedIn = await kunci.app.inject({ method: 'POST', url: '/api/auth/login', payload: { email: 'former.admin@example.com', password: PASSWORD } })
    const response = await as(`made-${index}`, 1, bearer(signedIn.json().data.token))
    t.equal(response.statusCode, status ? 201 : 403)
    if (!status) t.strictSame(response.json(), FORBIDDEN)
  }
})

t.test('who may not give a role is not told whether an address is known', async t => {
  const response = await register(kunci, { email: ADMINISTRATOR.email, role_id: 1 })
  t.equal(response.statusCode, 403)
  t.strictSame(response.json(), FORBIDDEN)
})
