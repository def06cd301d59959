import t from 'tap'
import { bearer, build, mailedToken } from '../helper.js'
import { login, PASSWORD, registerVerified, tryPassword } from '../outlet/client.js'

const LOCKED = { status: 429, message: 'Too many requests' }
const WRONG = { status: 401, message: 'Invalid credentials' }

t.test('ten wrong passwords in 15 minutes are all that one account, or one that nobody has, is compared with', async t => {
  for (const email of ['siti@example.com', 'nobody@example.com']) {
    const kunci = await build(t, { RATE_LIMIT: 'on' })
    await registerVerified(kunci)
    for (let times = 0; times < 10; times++) t.same((await tryPassword(kunci, 'wrong', email)).json(), WRONG)
    kunci.clock.advance(60)
    const locked = await tryPassword(kunci, PASSWORD, email.toUpperCase())
    t.equal(locked.statusCode, 429)
    t.same(locked.json(), LOCKED)
    t.equal(locked.headers['retry-after'], '840')
    kunci.clock.advance(840)
    t.equal((await tryPassword(kunci, PASSWORD, email)).statusCode, email === 'siti@example.com' ? 200 : 401)
  }
})

t.test('a clock that is set back locks nobody out for longer', async t => {
  const kunci = await build(t, { RATE_LIMIT: 'on', ACCOUNT_LIMIT: '2' })
  await registerVerified(kunci)
  for (let times = 0; times < 2; times++) await tryPassword(kunci, 'wrong')
  t.equal((await tryPassword(kunci, PASSWORD)).statusCode, 429)
  kunci.clock.advance(-3600)
  t.equal((await tryPassword(kunci, PASSWORD)).statusCode, 200)
})

t.test('the limit is configured, and no right password counts', async t => {
  const kunci = await build(t, { RATE_LIMIT: 'on', ACCOUNT_LIMIT: '2' })
  await registerVerified(kunci)
  for (let times = 0; times < 5; times++) t.equal((await tryPassword(kunci, PASSWORD)).statusCode, 200)
  t.equal((await tryPassword(kunci, 'wrong')).statusCode, 401)
  t.equal((await tryPassword(kunci, PASSWORD)).statusCode, 200)
  t.equal((await tryPassword(kunci, 'wrong')).statusCode, 401)
  t.equal((await tryPassword(kunci, PASSWORD)).statusCode, 429)
})

t.test('of two hundred guesses at once from two hundred addresses over two instances ten are compared', async t => {
  const one = await build(t, { RATE_LIMIT: 'on' })
  await registerVerified(one)
  const other = await build(t, { RATE_LIMIT: 'on' }, one)
  const answers = await Promise.all(Array.from({ length: 200 }, async (_, at) => (await tryPassword(at % 2 === 0 ? one : other, `wrong ${at}`)).statusCode))
  t.equal(answers.filter(status => status === 401).length, 10)
  t.equal(answers.filter(status => status === 429).length, 190)
  t.equal((await one.sql`select * from audit_events where type = 'login.failed'`).length, 10)
})

t.test('fifty right passwords of one account at once are all served', async t => {
  const kunci = await build(t, { RATE_LIMIT: 'on' })
  await registerVerified(kunci)
  const answers = await Promise.all(Array.from({ length: 50 }, async () => (await tryPassword(kunci, PASSWORD)).statusCode))
  t.same(answers, Array.from({ length: 50 }, () => 200))
})

t.test('the owner of a locked account gets in by a reset', async t => {
  const kunci = await build(t, { RATE_LIMIT: 'on' })
  await registerVerified(kunci)
  for (let times = 0; times < 10; times++) await tryPassword(kunci, 'wrong')
  await kunci.app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email: 'siti@example.com' } })
  const chosen = 'Kata-Sandi-Baru-9'
  const token = await mailedToken(kunci, 'siti@example.com')
  t.equal((await kunci.app.inject({ method: 'POST', url: '/auth/password/reset', payload: { token, password: chosen, confirmPassword: chosen } })).statusCode, 200)
  t.equal((await tryPassword(kunci, chosen)).statusCode, 200)
})

t.test('whoever holds an access token cannot guess the password with it either', async t => {
  const kunci = await build(t, { RATE_LIMIT: 'on' })
  await registerVerified(kunci)
  const { accessToken } = await login(kunci)
  const change = async (oldPassword: string) => await kunci.app.inject({
    method: 'PATCH', url: '/auth/password', headers: bearer(accessToken), payload: { oldPassword, newPassword: 'Kata-Sandi-Baru-9' }
  })
  for (let times = 0; times < 5; times++) t.equal((await change('wrong')).statusCode, 400)
  for (let times = 0; times < 5; times++) {
    const response = await kunci.app.inject({ method: 'PATCH', url: '/auth/profile', headers: bearer(accessToken), payload: { email: 'other@example.com', currentPassword: 'wrong' } })
    t.equal(response.statusCode, 400)
  }
  const locked = await change(PASSWORD)
  t.equal(locked.statusCode, 429)
  t.same(locked.json(), LOCKED)
})

t.test('what was typed is not kept', async t => {
  const kunci = await build(t, { RATE_LIMIT: 'on' })
  await tryPassword(kunci, 'wrong', 'stranger@example.com')
  const kept = JSON.stringify(await kunci.sql`select * from password_attempts`)
  t.match(kept, '"failures":1')
  t.notMatch(kept, 'stranger')
})
