import t from 'tap'
import { bearer, build, type Kunci, mailedToken, readMails } from '../helper.js'
import { login, PASSWORD, register, registerVerified } from '../outlet/client.js'

const NEW_PASSWORD = 'Kata-sandi-baru-2'

/**
 * Holds an account's row, as a change under way does, while requests are started; then lets them all go.
 *
 * @param change what is done to the row meanwhile, and holds once the requests go on
 */
async function whileLocked (kunci: Kunci, start: () => Array<Promise<unknown>>, change = 'updated_at = updated_at'): Promise<void> {
  let started: Array<Promise<unknown>> = []
  await kunci.sql.begin(async sql => {
    await sql.unsafe(`update users set ${change} where email = 'siti@example.com'`)
    let ended = 0
    started = start().map(async request => { await request.finally(() => { ended++ }) })
    // Until each of them waits for the row, or is through without having waited.
    for (let waiting = 0; waiting + ended < started.length;) {
      const [blocked] = await kunci.sql<Array<{ count: number }>>`
        select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
      waiting = blocked?.count ?? 0
    }
  })
  await Promise.all(started)
}

const changeEmail = async (kunci: Kunci, accessToken: string) => await kunci.app.inject({
  method: 'PATCH', url: '/auth/profile', headers: bearer(accessToken), payload: { email: 'evil@example.com', currentPassword: PASSWORD }
})

async function forgot (kunci: Kunci): Promise<string> {
  kunci.clock.advance(1)
  await kunci.app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email: 'siti@example.com' } })
  return await mailedToken(kunci, 'siti@example.com')
}

const reset = async (kunci: Kunci, token: string) => await kunci.app.inject({
  method: 'POST', url: '/auth/password/reset', payload: { token, password: NEW_PASSWORD, confirmPassword: NEW_PASSWORD }
})

async function evilMails (kunci: Kunci): Promise<number> {
  return (await readMails(kunci)).filter(mail => mail.to === 'evil@example.com').length
}

t.test('a sign-in that compared the old password while it is being changed is refused', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  let status = 0
  await whileLocked(kunci, () => [
    kunci.app.inject({ method: 'POST', url: '/auth/login', payload: { email: 'siti@example.com', password: PASSWORD } }).then(response => { status = response.statusCode })
  ], "password_hash = 'another'")
  t.equal(status, 401)
  t.same(await kunci.sql`select id from sessions`, [])
})

t.test('an email change that was under way when its owner reset the password comes to nothing', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const thief = await login(kunci)
  const token = await forgot(kunci)
  for (let round = 0; round < 10; round++) {
    if (round === 0) await Promise.all([reset(kunci, token), changeEmail(kunci, thief.accessToken)])
    else await changeEmail(kunci, thief.accessToken)
  }
  const pending = await kunci.sql`select email from one_time_tokens where email = 'evil@example.com' and used_at is null`
  t.same(pending, [])
  t.equal((await changeEmail(kunci, thief.accessToken)).statusCode, 401)
})

t.test('an email change that waits behind a password change is refused', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const thief = await login(kunci)
  const owner = await login(kunci)
  const statuses: number[] = []
  await whileLocked(kunci, () => [
    kunci.app.inject({ method: 'PATCH', url: '/auth/password', headers: bearer(owner.accessToken), payload: { oldPassword: PASSWORD, newPassword: NEW_PASSWORD } })
      .then(response => { statuses[0] = response.statusCode }),
    changeEmail(kunci, thief.accessToken).then(response => { statuses[1] = response.statusCode })
  ])
  // Whichever got the row first: if the change of email did, the change of password has killed its token.
  t.equal(statuses[0], 200)
  t.same(await kunci.sql`select email from one_time_tokens where email = 'evil@example.com'`, [])
  t.equal(await evilMails(kunci), 0)
})

t.test('a pending email change is not mailed again after a reset', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const thief = await login(kunci)
  await changeEmail(kunci, thief.accessToken)
  t.equal(await evilMails(kunci), 1)
  const stolen = await mailedToken(kunci, 'evil@example.com')
  const token = await forgot(kunci)
  await whileLocked(kunci, () => [
    reset(kunci, token),
    kunci.app.inject({ method: 'POST', url: '/auth/resend/verify', headers: bearer(thief.accessToken) })
  ])
  for (const link of [stolen, await mailedToken(kunci, 'evil@example.com')]) {
    t.equal((await kunci.app.inject({ method: 'POST', url: '/auth/verify', payload: { token: link } })).statusCode, 400)
  }
  t.same(await kunci.sql`select email from users`, [{ email: 'siti@example.com' }])
})

t.test('verifying and changing the password at once do not block each other', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  for (let round = 0; round < 5; round++) {
    kunci.clock.advance(3600)
    const { accessToken } = await login(kunci, 'siti@example.com', round % 2 === 0 ? PASSWORD : NEW_PASSWORD)
    await kunci.app.inject({ method: 'POST', url: '/auth/resend/verify', headers: bearer(accessToken) })
    const token = await mailedToken(kunci, 'siti@example.com')
    const statuses: number[] = []
    await whileLocked(kunci, () => [
      kunci.app.inject({ method: 'POST', url: '/auth/verify', headers: bearer(accessToken), payload: { token } }).then(response => { statuses[0] = response.statusCode }),
      kunci.app.inject({
        method: 'PATCH',
        url: '/auth/password',
        headers: bearer(accessToken),
        payload: round % 2 === 0 ? { oldPassword: PASSWORD, newPassword: NEW_PASSWORD } : { oldPassword: NEW_PASSWORD, newPassword: PASSWORD }
      }).then(response => { statuses[1] = response.statusCode })
    ])
    t.equal(statuses[1], 200)
    t.ok([200, 400].includes(statuses[0] ?? 0), `verify ${statuses[0]}`)
  }
})

t.test('mails say whose account they are about, and what opening them would do', async t => {
  const kunci = await build(t)
  await register(kunci, { email: 'victim@example.com', username: 'mallory' })
  const [registered] = await readMails(kunci)
  t.match(registered?.text, 'verify your email address for the account "mallory"')
  t.match(registered?.text, 'If you did not register, do not open it')

  await registerVerified(kunci)
  const thief = await login(kunci)
  await kunci.app.inject({ method: 'PATCH', url: '/auth/profile', headers: bearer(thief.accessToken), payload: { email: 'other@example.com', currentPassword: PASSWORD } })
  const change = (await readMails(kunci)).find(mail => mail.to === 'other@example.com')
  t.equal(change?.subject, 'Confirm your new email address')
  t.match(change?.text, 'if the account "siti" is to use this email address')
  t.match(change?.text, 'If this is not your account, do not open it')
})

t.test('whoever registered an address first has nothing left once its owner resets the password', async t => {
  const kunci = await build(t)
  await register(kunci)
  const registration = await mailedToken(kunci, 'siti@example.com')
  const token = await forgot(kunci)
  t.equal((await reset(kunci, token)).statusCode, 200)
  t.equal((await kunci.app.inject({ method: 'POST', url: '/auth/verify', payload: { token: registration } })).statusCode, 400)
  const credentials = { email: 'siti@example.com', password: PASSWORD }
  t.equal((await kunci.app.inject({ method: 'POST', url: '/auth/login', payload: credentials })).statusCode, 401)
  t.type((await login(kunci, 'siti@example.com', NEW_PASSWORD)).accessToken, 'string')
})
