import { hash } from '@node-rs/argon2'
import t from 'tap'
import { bearer, build } from '../helper.js'
import { login, PASSWORD, registerVerified } from '../outlet/client.js'
import { hashOf, importFile, jsonLines, signIn } from './client.js'

/** Of `Kunci-lama 7é`, as libxcrypt writes it. */
const BCRYPT = '$2y$05$abcdefghijklmnopqrstuubBvOziOylRSGeSdIXl25SZhJSlhQBdK'
const OLD = 'Kunci-lama 7é'

const kunci = await build(t, { RATE_LIMIT: 'on' })

async function imported (email: string, passwordHash = BCRYPT, more: object = {}): Promise<void> {
  t.same(await importFile(kunci, jsonLines({ email, password_hash: passwordHash, email_verified: true, ...more })), { code: 0, out: '1 account imported\n', err: '' })
}

t.test('twenty first sign-ins at once are all served', async t => {
  await imported('ramai@example.com')
  t.same(await Promise.all(Array.from({ length: 20 }, async () => await signIn(kunci, 'ramai@example.com', OLD))), Array(20).fill(200))
  t.match(await hashOf(kunci, 'ramai@example.com'), /^\$argon2id\$/)
  const [events] = await kunci.sql`select count(*)::int as started from audit_events join users on users.id = user_id where email = 'ramai@example.com' and type = 'session.started'`
  t.same(events, { started: 20 })
})

t.test('ten wrong passwords of an imported account are compared, and no more', async t => {
  await imported('tebak@example.com')
  for (let times = 0; times < 10; times++) t.equal(await signIn(kunci, 'tebak@example.com', `salah ${times}`), 401)
  t.equal(await signIn(kunci, 'tebak@example.com', OLD), 429)
  kunci.clock.advance(15 * 60)
  t.equal(await signIn(kunci, 'tebak@example.com', OLD), 200)
})

t.test('a password that changes while the imported hash is compared is not changed back', async t => {
  await imported('ganti@example.com', '$2b$12$waiB9Xlj58kiVEbXWPWYDO8vnWP/fURE1WMEscFWPO83BSUDLnvJq')
  const chosen = await hash(PASSWORD, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
  const { sql } = kunci
  // The change holds the account's row until the sign-in waits for it with the renewed hash in its hand.
  const changing = await sql.reserve()
  t.teardown(() => { changing.release() })
  await changing`begin`
  await changing`update users set password_hash = ${chosen} where email = 'ganti@example.com'`
  const signingIn = signIn(kunci, 'ganti@example.com', OLD)
  for (let waiting = 0; waiting === 0;) {
    const [row] = await sql`select count(*)::int as waiting from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    waiting = row?.['waiting']
  }
  await changing`commit`
  t.equal(await signingIn, 401)
  t.equal(await hashOf(kunci, 'ganti@example.com'), chosen)
  t.equal(await signIn(kunci, 'ganti@example.com', PASSWORD), 200)
})

t.test('an imported account that is disabled or not verified is refused like any other, and its hash stays', async t => {
  await imported('mati@example.com', BCRYPT, { disabled: true })
  t.equal(await signIn(kunci, 'mati@example.com', OLD), 401)
  await imported('belum@example.com', BCRYPT, { email_verified: false })
  t.equal(await signIn(kunci, 'belum@example.com', OLD), 403)
  t.equal(await signIn(kunci, 'belum@example.com', 'salah'), 401)
  t.equal(await hashOf(kunci, 'mati@example.com'), BCRYPT)
  t.equal(await hashOf(kunci, 'belum@example.com'), BCRYPT)
})

t.test('a hash of ours with other parameters than now is renewed as well, in every form of the password', async t => {
  await registerVerified(kunci, 'lama@example.com', 'lama')
  const weaker = await hash('Café 7 fire', { memoryCost: 8192, timeCost: 1, parallelism: 1 })
  await kunci.sql`update users set password_hash = ${weaker} where email = 'lama@example.com'`
  t.equal(await signIn(kunci, 'lama@example.com', 'Cafe 7 fire'), 401)
  t.equal(await hashOf(kunci, 'lama@example.com'), weaker)
  t.equal(await signIn(kunci, 'lama@example.com', 'Café 7 ﬁre'.normalize('NFD')), 200)
  t.match(await hashOf(kunci, 'lama@example.com'), /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  t.equal(await signIn(kunci, 'lama@example.com', 'Café 7 fire'), 200)
})

t.test('the owner of an imported account changes its password like any other', async t => {
  await imported('lanjut@example.com')
  const { accessToken } = await login(kunci, 'lanjut@example.com', OLD)
  const changed = await kunci.app.inject({ method: 'PATCH', url: '/auth/password', headers: bearer(accessToken), payload: { oldPassword: OLD, newPassword: PASSWORD } })
  t.equal(changed.statusCode, 200, changed.body)
  t.equal(await signIn(kunci, 'lanjut@example.com', OLD), 401)
  t.equal(await signIn(kunci, 'lanjut@example.com', PASSWORD), 200)
})
