import { availableParallelism } from 'node:os'
import { setImmediate as turn } from 'node:timers/promises'
import t from 'tap'
import { AuthError } from '../../src/domain/errors.js'
import { build } from '../helper.js'
import { registerVerified } from '../outlet/client.js'
import { away } from './away.js'
import { allTokens, me, names, type Name, person, refresh, refreshing, register, registrars, signIn, wires } from './clients.js'
import { failed, failing, failure } from './failures.js'

const owner = person('siti')

t.test('too many sign-ins a minute are refused with the seconds to wait, in the words of the contract that is asked', async t => {
  const kunci = await build(t, { CONTRACTS: '', RATE_LIMIT: 'on' })
  for (const asked of names) {
    const attempt = async (name: Name) => await kunci.app.inject({ method: 'POST', url: `${wires[name].prefix}${wires[name].signIn.path}`, remoteAddress: '203.0.113.7', payload: {} })
    for (let count = 0; count < 60; count++) t.equal((await attempt(asked)).statusCode, 400)
    kunci.clock.advance(18)
    for (const name of names) {
      const response = await attempt(name)
      t.strictSame(failed(response), failing(name, 'rate_limited'), `${name} after ${asked}: a client has one number of attempts for all contracts`)
      t.equal(response.headers['retry-after'], '42')
    }
    kunci.clock.advance(42)
    t.equal((await attempt(asked)).statusCode, 400)
    kunci.clock.advance(60)
  }
})

t.test('so are too many mails and too many refreshes', async t => {
  const kunci = await build(t, { CONTRACTS: '', RATE_LIMIT: 'on' })
  const mails = { outlet: '/auth/password/forgot', donation: '/donation/auth/reset-password', member: '/member/api/auth/send-verification-email' }
  const ask = async (url: string, payload: object) => await kunci.app.inject({ method: 'POST', url, remoteAddress: '203.0.113.7', payload })
  for (let count = 0; count < 10; count++) t.equal((await ask(mails.outlet, { email: `nobody${count}@example.com` })).statusCode, 200)
  for (const name of ['outlet', 'donation', 'member'] as const) {
    const response = await ask(mails[name], { email: 'nobody@example.com' })
    t.strictSame(failed(response), failing(name, 'rate_limited'), name)
    t.equal(response.headers['retry-after'], '60')
  }
  await Promise.all(Array.from({ length: 600 }, async () => await ask('/signin/auth/refresh', {})))
  for (const name of refreshing) {
    const response = await ask(`${wires[name].prefix}${wires[name].refresh?.path}`, {})
    t.strictSame(failed(response), failing(name, 'rate_limited'), name)
    t.equal(response.headers['retry-after'], '60')
  }
})

t.test('while the database is away every contract says so with Retry-After, and afterwards all is well', async t => {
  const kunci = await build(t, { CONTRACTS: '' })
  await registerVerified(kunci)
  const tokens = await allTokens(kunci, owner)
  await away(kunci, true)
  for (const name of names) {
    const answers = [
      await signIn(kunci, name, owner),
      await me(kunci, name, tokens[name].access),
      ...tokens[name].refresh === '' ? [] : [await refresh(kunci, name, tokens[name].refresh)]
    ]
    for (const response of answers) {
      t.strictSame(failed(response), failing(name, 'unavailable'), name)
      t.equal(response.headers['retry-after'], '1')
      t.strictSame(response.cookies, [])
    }
  }
  await away(kunci, false)
  for (const name of names) t.equal((await me(kunci, name, tokens[name].access)).statusCode, 200, name)
  for (const name of refreshing) t.equal((await refresh(kunci, name, tokens[name].refresh)).statusCode, 200, name)
})

t.test('while too many passwords wait to be hashed every contract says so with Retry-After', async t => {
  const kunci = await build(t, { CONTRACTS: '' })
  const before = await kunci.sql`select count(*) from users`
  const over = new AbortController()
  // As many as are hashed and wait at most, and more: whichever is through, or was not taken, comes again.
  const herd = Array.from({ length: availableParallelism() * 101 }, async () => {
    do {
      try {
        await kunci.app.passwords.verify(null, 'kata sandi', { by: 'account', value: undefined })
      } catch (error) {
        if (!(error instanceof AuthError && error.code === 'overloaded')) throw error
        await turn()
      }
    } while (!over.signal.aborted)
  })
  const answers = await Promise.all(names.map(async name => ({ name, response: await signIn(kunci, name, owner) })))
  const registered = await Promise.all(registrars.map(async name => ({ name, response: await register(kunci, name, owner) })))
  over.abort()
  for (const { name, response } of [...answers, ...registered]) {
    t.strictSame(failed(response), failing(name, 'unavailable'), name)
    t.equal(response.headers['retry-after'], '1')
    t.strictSame(response.cookies, [])
  }
  await Promise.all(herd)
  t.same(await kunci.sql`select count(*) from users`, before)
  for (const name of names) t.strictSame(failed(await signIn(kunci, name, owner)), failing(name, 'invalid_credentials'), name)
})

t.test('a fault is told without internals, in the words of each contract', async t => {
  const kunci = await build(t, { CONTRACTS: '' })
  await registerVerified(kunci)
  const tokens = await allTokens(kunci, owner)
  await kunci.sql`alter table sessions rename column revoked_at to lost`
  await kunci.sql`alter table users rename column password_hash to also_lost`
  await kunci.sql`alter table users rename column phone to lost_as_well`
  for (const name of names) {
    t.strictSame(failed(await signIn(kunci, name, owner)), failing(name, 'unexpected'), name)
    const expected = name === 'donation'
      ? { status: 500, body: { success: false, message: 'Error saat memverifikasi token', error: ['Terjadi kesalahan pada server'] } }
      : failing(name, 'unexpected')
    t.strictSame(failed(await me(kunci, name, tokens[name].access)), expected, name)
  }
  for (const name of refreshing) t.strictSame(failed(await refresh(kunci, name, tokens[name].refresh)), failing(name, 'unexpected'), name)
  for (const name of registrars) t.strictSame(failed(await register(kunci, name, person('budi'))), failing(name, 'unexpected'), name)
})

t.test('an endpoint of donation that the document gives no fault of its own has the common one', async t => {
  const kunci = await build(t, { CONTRACTS: '' })
  await registerVerified(kunci)
  const { donation } = await allTokens(kunci, owner)
  await kunci.sql`alter table audit_events rename to lost`
  const response = await kunci.app.inject({ url: '/donation/auth/riwayat-token/1', headers: { authorization: `Bearer ${donation.access}` } })
  t.strictSame(failed(response), failure('donation', 500, 'Terjadi kesalahan pada server'))
})
