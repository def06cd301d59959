import type { InjectOptions } from 'fastify'
import t from 'tap'
import { bearer, build } from '../helper.js'
import { choices, deviceOf, PASSWORD, registerVerified, tryPassword } from '../outlet/client.js'
import { allTokens, me, names, type Person, person, refresh, refreshedTokens, refreshing, refreshRequest, register, signIn, tokensOf } from './clients.js'
import { endpointsOf, requestTo } from './endpoints.js'
import { failed, failing, failure } from './failures.js'

const admin = { ...person('admin'), password: PASSWORD }
const kunci = await build(t, { CONTRACTS: '', ADMIN_EMAIL: admin.email, ADMIN_USERNAME: admin.username, ADMIN_PASSWORD: admin.password })
const { app, sql } = kunci

/** An account that may sign in through every contract. */
async function anywhere (username: string): Promise<Person> {
  await registerVerified(kunci, `${username}@example.com`, username)
  return person(username)
}

/** What an account and its tokens amount to. */
async function stateOf ({ email }: Person) {
  return {
    account: await sql`select * from users where email = ${email}`,
    sessions: await sql`select sessions.* from sessions join users on users.id = user_id where email = ${email} order by sessions.id`,
    tokens: await sql`select one_time_tokens.* from one_time_tokens join users on users.id = user_id where users.email = ${email} order by one_time_tokens.id`
  }
}

/** @returns what an endpoint's fields and parameters have to hold to be right for an account and the session of an access token */
async function rightFor ({ email, username }: Person, access: string): Promise<Record<string, unknown>> {
  const { sid } = JSON.parse(Buffer.from(access.split('.')[1] ?? '', 'base64url').toString())
  const [account] = await sql<Array<{ number: string }>>`select number from users where email = ${email}`
  const passwords = Object.fromEntries(['oldPassword', 'newPassword', 'currentPassword', 'old_password', 'new_password', 'current_password'].map(field => [field, PASSWORD]))
  return { email, username, id: sid, id_user: account?.number, ...passwords }
}

t.test('an access token is good at every endpoint of its own contract and at none of another', async t => {
  const victim = await anywhere('siti')
  const owner = await anywhere('budi')
  const tokens = await allTokens(kunci, victim)
  const before = await stateOf(victim)
  for (const name of names) {
    const endpoints = (await endpointsOf(kunci, name)).filter(endpoint => endpoint.takesAccessToken)
    t.ok(endpoints.length > 1, name)
    for (const endpoint of endpoints) {
      const place = `${endpoint.method} ${endpoint.path}`
      for (const issuer of names.filter(issuer => issuer !== name)) {
        const { access } = tokens[issuer]
        const response = await app.inject({ ...requestTo(endpoint, await rightFor(victim, access)), headers: bearer(access) })
        t.strictSame(failed(response), failing(name, 'invalid_access_token'), `${issuer} at ${place}`)
        t.strictSame(response.cookies, [])
      }
      const { access } = await tokensOf(kunci, name, owner)
      t.equal((await app.inject({ ...requestTo(endpoint, await rightFor(owner, access)), headers: bearer(access) })).statusCode, 200, `${name} at ${place}`)
    }
  }
  t.strictSame(await stateOf(victim), before)
  for (const name of names) t.equal((await me(kunci, name, tokens[name].access)).statusCode, 200, name)
})

t.test('an administrator of one contract gives no power through another', async t => {
  const { admin: adminRole } = await choices(kunci)
  const asAdmin = { outlet: { role_id: adminRole }, console: { role_id: 1 }, donation: { role: 'admin' } }
  const tokens = await allTokens(kunci, admin)
  for (const name of ['outlet', 'console', 'donation'] as const) {
    for (const issuer of names) {
      const newcomer = person(`${name}-by-${issuer}`)
      const response = await register(kunci, name, newcomer, asAdmin[name], bearer(tokens[issuer].access))
      if (issuer === name) t.equal(response.statusCode, name === 'outlet' ? 200 : 201, `${issuer} at ${name}`)
      else t.strictSame(failed(response), failing(name, 'invalid_access_token'), `${issuer} at ${name}`)
      const made = await sql`select users.id from users join user_roles on user_id = users.id join roles on roles.id = role_id where email = ${newcomer.email} and roles.name = 'admin'`
      t.equal(made.length, issuer === name ? 1 : 0, `${issuer} at ${name}`)
    }
  }
})

t.test('a refresh token is good in its own contract alone, and no access token stands for one', async t => {
  const owner = await anywhere('dewi')
  const tokens = await allTokens(kunci, owner)
  const before = await stateOf(owner)
  for (const name of refreshing) {
    for (const issuer of names) {
      if (issuer !== name && tokens[issuer].refresh !== '') t.strictSame(failed(await refresh(kunci, name, tokens[issuer].refresh)), failing(name, 'invalid_refresh_token'), `${issuer} at ${name}`)
      t.strictSame(failed(await refresh(kunci, name, tokens[issuer].access)), failing(name, 'invalid_refresh_token'), `access of ${issuer} at ${name}`)
    }
  }
  t.strictSame(await stateOf(owner), before, 'what is refused is not spent')
  for (const name of refreshing) {
    const response = await refresh(kunci, name, tokens[name].refresh)
    t.equal(response.statusCode, 200, name)
    t.equal((await me(kunci, name, refreshedTokens(name, response).access)).statusCode, 200, name)
  }
})

t.test('a refresh token does not sign in as a bearer, nor does one that travels another way than its own', async t => {
  const owner = await anywhere('rina')
  const tokens = await allTokens(kunci, owner)
  const before = await stateOf(owner)
  for (const name of names) {
    for (const issuer of refreshing) t.strictSame(failed(await me(kunci, name, tokens[issuer].refresh)), failing(name, 'invalid_access_token'), `${issuer} at ${name}`)
  }
  const inBody = await app.inject({ method: 'POST', url: '/auth/refresh', payload: { refresh_token: tokens.outlet.refresh } })
  t.strictSame(failed(inBody), failure('outlet', 400, 'Validation failed', ['refresh_token is not allowed']))
  const missing = {
    console: failure('console', 400, 'Validation failed', ['refreshToken is required']),
    member: failure('member', 400, 'Validation failed', ['refresh_token is required']),
    signin: failure('signin', 400, '', ['refreshToken should not be empty'])
  }
  for (const name of ['console', 'member', 'signin'] as const) {
    const asCookie: InjectOptions = { ...refreshRequest(name, ''), payload: {}, headers: { cookie: `refresh_token=${tokens[name].refresh}` } }
    t.strictSame(failed(await app.inject(asCookie)), missing[name], name)
    const beside: InjectOptions = { ...refreshRequest(name, tokens.outlet.refresh), headers: { cookie: `refresh_token=${tokens[name].refresh}` } }
    t.strictSame(failed(await app.inject(beside)), failing(name, 'invalid_refresh_token'), name)
  }
  t.strictSame(await stateOf(owner), before)
})

t.test('a cookie that holds another contract\'s refresh token ends no session', async t => {
  const owner = await anywhere('wati')
  const tokens = await allTokens(kunci, owner)
  for (const issuer of ['console', 'member', 'signin'] as const) {
    const response = await app.inject({ method: 'POST', url: '/auth/logout', headers: { cookie: `refresh_token=${tokens[issuer].refresh}` } })
    t.strictSame(failed(response), failing('outlet', 'invalid_refresh_token'), issuer)
    t.equal((await me(kunci, issuer, tokens[issuer].access)).statusCode, 200, issuer)
  }
})

t.test('a device token stands for no access or refresh token, and neither of them for it', async t => {
  const owner = await anywhere('ayu')
  const token = deviceOf(await signIn(kunci, 'outlet', owner))
  t.match(token, /^[\w-]{98}$/)
  const before = await stateOf(owner)
  for (const name of names) t.strictSame(failed(await me(kunci, name, token)), failing(name, 'invalid_access_token'), name)
  for (const name of refreshing) t.strictSame(failed(await refresh(kunci, name, token)), failing(name, 'invalid_refresh_token'), name)
  const loggedOut = await app.inject({ method: 'POST', url: '/auth/logout', headers: { cookie: `refresh_token=${token}` } })
  t.strictSame(failed(loggedOut), failing('outlet', 'invalid_refresh_token'))
  const alone = await app.inject({ method: 'POST', url: '/auth/refresh', headers: { cookie: `refresh_token_device=${token}` } })
  t.strictSame(failed(alone), failing('outlet', 'invalid_refresh_token'))
  t.strictSame(await stateOf(owner), before)

  const limited = await build(t, { RATE_LIMIT: 'on', ACCOUNT_LIMIT: '1' }, kunci)
  const tokens = Object.values(await allTokens(kunci, owner)).flatMap(({ access, refresh }) => [access, refresh])
  await tryPassword(limited, 'wrong', owner.email)
  for (const other of tokens) {
    const response = await tryPassword(limited, PASSWORD, owner.email, `refresh_token_device=${other}`)
    t.strictSame(failed(response), failing('outlet', 'rate_limited'))
    t.strictSame(response.cookies, [])
  }
  t.equal((await tryPassword(limited, PASSWORD, owner.email, `refresh_token_device=${token}`)).statusCode, 200)
})
