import t from 'tap'
import { bearer, build, type Kunci, mailedToken } from '../helper.js'
import * as outlet from '../outlet/client.js'
import { CONTRACTS, login, PASSWORD, register, registerSignedIn, restoreEmail, restoreToken, TAKEN, updateProfile, verifyToken, WEEK } from './client.js'

interface Attempt {
  /** with an address, and a username where one is needed */
  ask: (email: string, username: string) => Promise<{ statusCode: number, json: () => unknown }>
  refusal: { status: number, body: object }
}

const inDonation = { status: 400, body: TAKEN }
const inOutlet = { status: 409, body: { status: 409, message: 'User with this email already exists' } }

/** Every way to register an address. */
function registrations (kunci: Kunci): Record<string, Attempt> {
  const post = async (url: string, payload: object) => await kunci.app.inject({ method: 'POST', url, payload })
  return {
    donation: { ask: async email => await register(kunci, { email }), refusal: inDonation },
    outlet: { ask: async (email, username) => await outlet.register(kunci, { email, username }), refusal: inOutlet },
    console: {
      ask: async email => await post('/api/auth/register', { name: 'Budi', email, password: PASSWORD }),
      refusal: { status: 409, body: { status: false, message: 'Email already exists', code: 409 } }
    },
    signin: {
      ask: async (email, username) => await post('/signin/auth/signup', { name: 'Budi', email, username, password: PASSWORD }),
      refusal: { status: 409, body: { statusCode: 409, error: 'Conflict', message: 'Email already exists' } }
    }
  }
}

/** Every way in which another account can ask for an address, each of an account of its own. */
async function changes (kunci: Kunci, round: string): Promise<Record<string, Attempt>> {
  const addresses = { donation: `donation.${round}@example.com`, outlet: `outlet.${round}@example.com`, member: `member.${round}@example.com` }
  const token = await registerSignedIn(kunci, addresses.donation)
  await outlet.registerVerified(kunci, addresses.outlet, `outlet.${round}`)
  const { accessToken } = await outlet.login(kunci, addresses.outlet)
  await outlet.register(kunci, { email: addresses.member, username: `member.${round}` })
  const credentials = { username: `member.${round}`, password: outlet.PASSWORD }
  const member = (await kunci.app.inject({ method: 'POST', url: '/member/api/auth/login', payload: credentials })).json().data.token
  return {
    donation: { ask: async email => await updateProfile(kunci, token, { email }), refusal: inDonation },
    outlet: {
      ask: async email => await kunci.app.inject({ method: 'PATCH', url: '/auth/profile', headers: bearer(accessToken), payload: { email, currentPassword: outlet.PASSWORD } }),
      refusal: inOutlet
    },
    member: {
      ask: async email => await kunci.app.inject({ method: 'POST', url: '/member/api/auth/edit-profile', headers: bearer(member), payload: { email, current_password: outlet.PASSWORD } }),
      refusal: { status: 409, body: { status: 'Error', status_code: 409, message: 'Email already exists' } }
    }
  }
}

/** An account that has left an address. */
async function left (kunci: Kunci, former: string): Promise<string> {
  const token = await registerSignedIn(kunci, former)
  await updateProfile(kunci, token, { email: `new.${former}` })
  return token
}

t.test('for 7 days nobody registers a former address, and then anybody does', async t => {
  const kunci = await build(t, { CONTRACTS })
  for (const name of Object.keys(registrations(kunci))) await left(kunci, `${name}@example.com`)
  const links = await Promise.all(Object.keys(registrations(kunci)).map(async name => await restoreToken(kunci, `${name}@example.com`)))
  t.equal(new Set(links).size, 4)
  const attempt = async () => await Promise.all(Object.entries(registrations(kunci)).map(async ([name, { ask, refusal }]) =>
    ({ name, refusal, answer: await ask(name === 'outlet' ? ' OUTLET@Example.com' : `${name}@example.com`, `${name}.taker`) })))
  for (const seconds of [0, WEEK - 1]) {
    kunci.clock.advance(seconds)
    for (const { name, refusal, answer } of await attempt()) {
      t.equal(answer.statusCode, refusal.status, name)
      t.same(answer.json(), refusal.body, name)
    }
  }
  kunci.clock.advance(1)
  for (const { name, answer } of await attempt()) t.ok([200, 201].includes(answer.statusCode), `${name} ${answer.statusCode}`)
  for (const link of links) t.equal((await restoreEmail(kunci, link)).statusCode, 401, 'the link is over')
})

t.test('for 7 days no other account takes a former address, and then any does', async t => {
  const kunci = await build(t, { CONTRACTS })
  for (const name of ['donation', 'outlet', 'member']) await left(kunci, `left.${name}@example.com`)
  for (const [name, { ask, refusal }] of Object.entries(await changes(kunci, 'early'))) {
    const response = await ask(`left.${name}@example.com`, '')
    t.equal(response.statusCode, refusal.status, name)
    t.same(response.json(), refusal.body, name)
  }
  kunci.clock.advance(WEEK)
  for (const [name, { ask }] of Object.entries(await changes(kunci, 'late'))) {
    const asked = await ask(`left.${name}@example.com`, '')
    t.equal(asked.statusCode, 200, name)
    if (name !== 'donation') {
      const proof = await kunci.app.inject({ method: 'POST', url: '/auth/verify', payload: { token: await mailedToken(kunci, `left.${name}@example.com`) } })
      t.equal(proof.statusCode, 200, name)
    }
    t.same(await kunci.sql`select count(*)::int from users where email = ${`left.${name}@example.com`}`, [{ count: 1 }], name)
  }
})

t.test('a change that waited to be proven since before the address was had and left is refused when it is proven', async t => {
  const kunci = await build(t, { CONTRACTS })
  const { outlet: waiting } = await changes(kunci, 'waiting')
  await waiting?.ask('wanted@example.com', '')
  const proof = await mailedToken(kunci, 'wanted@example.com')
  await left(kunci, 'wanted@example.com')

  const response = await kunci.app.inject({ method: 'POST', url: '/auth/verify', payload: { token: proof } })
  t.equal(response.statusCode, 400)
  t.same(response.json(), { status: 400, message: 'Invalid verification token' })
  t.equal((await restoreEmail(kunci, await restoreToken(kunci, 'wanted@example.com'))).json().data.email, 'wanted@example.com')
})

t.test('the account itself may go back to an address that it has left', async t => {
  const kunci = await build(t, { CONTRACTS })
  const token = await left(kunci, 'mine@example.com')
  const response = await updateProfile(kunci, token, { email: 'mine@example.com' })
  t.equal(response.statusCode, 200)
  t.equal((await verifyToken(kunci, token)).json().data.email, 'mine@example.com')
  t.type(await login(kunci, 'mine@example.com'), 'string')
})

t.test('an address that was restored is taken, and the one that it replaced is free', async t => {
  const kunci = await build(t, { CONTRACTS })
  await left(kunci, 'back@example.com')
  await restoreEmail(kunci, await restoreToken(kunci, 'back@example.com'))
  const taken = await register(kunci, { email: 'back@example.com' })
  t.equal(taken.statusCode, 400)
  t.same(taken.json(), TAKEN)
  t.equal((await register(kunci, { email: 'new.back@example.com' })).statusCode, 201)
})
