import t from 'tap'
import { bearer, build, type Kunci } from '../helper.js'
import { cookieOf, login, profile, refresh, refusedSoon, registerVerified } from './client.js'

/** Two instances on one database and one clock. */
async function twoInstances (t: Parameters<typeof build>[0]): Promise<[Kunci, Kunci]> {
  const one = await build(t)
  const other = await build(t, {}, one)
  await registerVerified(one)
  return [one, other]
}

const ROUNDS = 20

t.test('any number of refreshes at once with one cookie get the same successor, and one lineage lives', async t => {
  const instances = await twoInstances(t)
  for (let round = 0; round < ROUNDS; round++) {
    const { cookie } = await login(instances[0])
    const answers = await Promise.all(Array.from({ length: 32 }, async (_, index) => await refresh(instances[index % 2 === 0 ? 0 : 1], cookie)))
    t.same(answers.map(answer => answer.statusCode), Array(32).fill(200))
    const successors = new Set(answers.map(cookieOf))
    t.equal(successors.size, 1)
    const [successor = ''] = successors
    t.equal((await refresh(instances[1], successor)).statusCode, 200)
  }
})

t.test('a logout against refreshes in flight leaves nothing alive', async t => {
  const instances = await twoInstances(t)
  for (let round = 0; round < ROUNDS; round++) {
    const { cookie, accessToken } = await login(instances[0])
    const [loggedOut, ...answers] = await Promise.all([
      instances[0].app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(accessToken) }),
      ...Array.from({ length: 8 }, async (_, index) => await refresh(instances[index % 2 === 0 ? 0 : 1], cookie))
    ])
    t.equal(loggedOut.statusCode, 200)
    for (const answer of answers) {
      if (answer.statusCode !== 200) continue
      t.equal((await refresh(instances[1], cookieOf(answer))).statusCode, 401)
      t.ok(await refusedSoon(instances[1], answer.json().access_token))
    }
    t.equal((await refresh(instances[0], cookie)).statusCode, 401)
  }
})

t.test('a password change against sign-ins under way leaves none that began with the old password', async t => {
  const instances = await twoInstances(t)
  let password = 'Password123!'
  for (let round = 0; round < 5; round++) {
    const { accessToken } = await login(instances[0], 'siti@example.com', password)
    const newPassword = `Another-password-${round}`
    const [changed, ...signedIn] = await Promise.all([
      instances[0].app.inject({ method: 'PATCH', url: '/auth/password', headers: bearer(accessToken), payload: { oldPassword: password, newPassword } }),
      ...Array.from({ length: 6 }, async (_, index) => await instances[index % 2 === 0 ? 0 : 1].app.inject({
        method: 'POST', url: '/auth/login', payload: { email: 'siti@example.com', password }
      }))
    ])
    t.equal(changed.statusCode, 200)
    for (const answer of signedIn) {
      if (answer.statusCode === 200) t.ok(await refusedSoon(instances[1], answer.json().data.access_token))
      else t.same(answer.json(), { status: 401, message: 'Invalid credentials' })
    }
    t.equal((await profile(instances[1], accessToken)).statusCode, 200)
    password = newPassword
  }
})

t.test('a revocation on one instance holds on the other', async t => {
  const instances = await twoInstances(t)
  const { accessToken, cookie } = await login(instances[0])
  t.equal((await profile(instances[1], accessToken)).statusCode, 200)
  await instances[0].app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(accessToken) })
  t.ok(await refusedSoon(instances[1], accessToken))
  t.equal((await refresh(instances[1], cookie)).statusCode, 401)
})
