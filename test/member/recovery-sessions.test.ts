import t from 'tap'
import { bearer, build, mailedToken, readMails } from '../helper.js'
import { goesOn, login, loginStatus, PASSWORD, prove, recoveryToken, refresh, reset, sessions, signUp, tokensOf, BAD_RESET } from './client.js'

const NEW = 'kopi susu gula aren'

const kunci = await build(t, { CONTRACTS: '' })
const { app, clock, sql } = kunci

/** Signs in through signin and gives back what shows whether that session goes on. */
async function loginElsewhere (username: string): Promise<() => Promise<number>> {
  const response = await app.inject({ method: 'POST', url: '/signin/auth/signin', payload: { username, password: PASSWORD } })
  const { accessToken } = response.json()
  return async () => (await app.inject({ url: '/signin/auth/profile', headers: bearer(accessToken) })).statusCode
}

t.test('a proof ends the sessions that began before it, in every contract', async t => {
  await signUp(kunci, 'before')
  await signUp(kunci, 'bystander')
  const bystander = await login(kunci, 'bystander')
  const before = [await login(kunci, 'before'), await login(kunci, 'before')]
  const elsewhere = await loginElsewhere('before')
  const token = await recoveryToken(kunci, 'before@example.com')
  for (const session of before) t.ok(await goesOn(kunci, session), 'asking ends nothing')
  t.equal((await prove(kunci, token)).statusCode, 200)
  for (const session of before) t.notOk(await goesOn(kunci, session))
  t.equal(await elsewhere(), 401)
  t.ok(await goesOn(kunci, bystander))
  t.equal(await loginStatus(kunci, 'before'), 200)
})

t.test("the account's own session that sends the token along goes on", async t => {
  await signUp(kunci, 'along')
  const sending = await login(kunci, 'along')
  const other = await login(kunci, 'along')
  const elsewhere = await loginElsewhere('along')
  t.equal((await prove(kunci, await recoveryToken(kunci, 'along@example.com'), bearer(sending.accessToken))).statusCode, 200)
  t.ok(await goesOn(kunci, sending))
  t.notOk(await goesOn(kunci, other))
  t.equal(await elsewhere(), 401)
})

t.test('so does the one that sends a verification token along', async t => {
  await signUp(kunci, 'verifies')
  const token = await mailedToken(kunci, 'verifies@example.com')
  const sending = await login(kunci, 'verifies')
  const other = await login(kunci, 'verifies')
  t.equal((await prove(kunci, token, bearer(sending.accessToken))).statusCode, 200)
  t.ok(await goesOn(kunci, sending))
  t.notOk(await goesOn(kunci, other))
})

t.test("somebody else's session that sends the token keeps its own and saves no other", async t => {
  await signUp(kunci, 'victim')
  await signUp(kunci, 'sender')
  const victim = await login(kunci, 'victim')
  const sender = await login(kunci, 'sender')
  t.equal((await prove(kunci, await recoveryToken(kunci, 'victim@example.com'), bearer(sender.accessToken))).statusCode, 200)
  t.notOk(await goesOn(kunci, victim))
  t.ok(await goesOn(kunci, sender))
})

t.test('a bearer token that is not good here stands in nobody\'s way and saves no session', async t => {
  await signUp(kunci, 'stale')
  const { accessToken } = (await app.inject({ method: 'POST', url: '/signin/auth/signin', payload: { username: 'stale', password: PASSWORD } })).json()
  const token = await recoveryToken(kunci, 'stale@example.com')
  for (const sent of ['stale', accessToken]) t.equal((await prove(kunci, token, bearer(sent))).statusCode, 200)
  t.equal((await app.inject({ url: '/signin/auth/profile', headers: bearer(accessToken) })).statusCode, 401)
})

t.test('a proof that is refused ends nothing', async t => {
  await signUp(kunci, 'refused')
  const session = await login(kunci, 'refused')
  const older = await recoveryToken(kunci, 'refused@example.com')
  await recoveryToken(kunci, 'refused@example.com')
  for (const token of [older, 'garbage']) t.equal((await prove(kunci, token)).statusCode, 400)
  t.ok(await goesOn(kunci, session))
})

t.test('a reset ends every session, even the one that sends the token', async t => {
  await signUp(kunci, 'resets')
  const token = await recoveryToken(kunci, 'resets@example.com')
  await prove(kunci, token)
  clock.advance(1)
  const session = await login(kunci, 'resets')
  const elsewhere = await loginElsewhere('resets')
  const response = await app.inject({ method: 'POST', url: '/member/api/auth/reset-password', headers: bearer(session.accessToken), payload: { token, password: NEW } })
  t.equal(response.statusCode, 200)
  t.notOk(await goesOn(kunci, session))
  t.equal(await elsewhere(), 401)
})

t.test('of two resets at once one wins, and only its password works', async t => {
  await signUp(kunci, 'at-once')
  const passwords = ['kopi tubruk panas', 'teh botol dingin'] as const
  for (let round = 0; round < 3; round++) {
    clock.advance(3600)
    const token = await recoveryToken(kunci, 'at-once@example.com')
    await prove(kunci, token)
    const chosen = passwords.map(password => `${password} ${round}`)
    const answers = await Promise.all(chosen.map(async password => await reset(kunci, token, password)))
    t.same(answers.map(answer => answer.statusCode).sort(), [200, 400])
    t.strictSame(answers.find(answer => answer.statusCode === 400)?.json(), BAD_RESET)
    for (const [index, password] of chosen.entries()) {
      t.equal(await loginStatus(kunci, 'at-once', password), answers[index]?.statusCode === 200 ? 200 : 401)
    }
  }
  const notices = (await readMails(kunci)).filter(mail => mail.to === 'at-once@example.com' && mail.subject === 'Your password was changed')
  t.equal(notices.length, 3)
})

t.test('a reset at once with its own proof or with a refresh leaves no session alive', async t => {
  await signUp(kunci, 'underway')
  const session = await login(kunci, 'underway')
  const token = await recoveryToken(kunci, 'underway@example.com')
  await prove(kunci, token, bearer(session.accessToken))
  const [refreshed, proven, done] = await Promise.all([refresh(kunci, session.refreshToken), prove(kunci, token), reset(kunci, token, NEW)])
  t.equal(done.statusCode, 200)
  t.ok([200, 400].includes(proven.statusCode))
  t.equal((await sessions(kunci, session.accessToken)).statusCode, 401)
  if (refreshed.statusCode === 200) t.notOk(await goesOn(kunci, tokensOf(refreshed)))
  t.same(await sql`select from sessions join users on users.id = user_id where username = 'underway' and revoked_at is null`, [])
  t.equal(await loginStatus(kunci, 'underway', NEW), 200)
})
