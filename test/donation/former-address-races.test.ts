import t from 'tap'
import { bearer, build, type Kunci, mailedToken } from '../helper.js'
import * as outlet from '../outlet/client.js'
import { CONTRACTS, PASSWORD, register, registerSignedIn, restoreEmail, restoreToken, TAKEN, updateProfile, verifyToken } from './client.js'

async function accountsWith (kunci: Kunci, email: string): Promise<string[]> {
  return (await kunci.sql<Array<{ number: string }>>`select number from users where email = ${email}`).map(({ number }) => number)
}

t.test('a registration of an address at the moment when its account leaves it is refused', async t => {
  const kunci = await build(t, { CONTRACTS })
  for (let round = 0; round < 5; round++) {
    const former = `leaves${round}@example.com`
    const token = await registerSignedIn(kunci, former)
    const [change, ...registrations] = await Promise.all([
      updateProfile(kunci, token, { email: `left${round}@example.com` }),
      register(kunci, { email: former }),
      kunci.app.inject({ method: 'POST', url: '/api/auth/register', payload: { name: 'Budi', email: former, password: PASSWORD } }),
      outlet.register(kunci, { email: former, username: `leaves${round}` })
    ])
    t.equal(change.statusCode, 200)
    t.same(registrations.map(answer => answer.statusCode), [400, 409, 409])
    t.same(await accountsWith(kunci, former), [])
    t.equal((await restoreEmail(kunci, await restoreToken(kunci, former))).statusCode, 200)
  }
})

t.test('an address that an account has for a moment is either registered or restorable, never both', async t => {
  const kunci = await build(t, { CONTRACTS })
  for (let round = 0; round < 5; round++) {
    const wanted = `moment${round}@example.com`
    const token = await registerSignedIn(kunci, `before${round}@example.com`)
    const passing = async () => {
      const taken = await updateProfile(kunci, token, { email: wanted })
      await updateProfile(kunci, token, { email: `after${round}@example.com` })
      return taken.statusCode === 200
    }
    const [registered, passed] = await Promise.all([register(kunci, { email: wanted }), passing()])
    t.equal(registered.statusCode, passed ? 400 : 201)
    if (passed) t.same(registered.json(), TAKEN)
    const restoration = await restoreEmail(kunci, await restoreToken(kunci, wanted) || 'none')
    t.equal(restoration.statusCode, passed ? 200 : 401)
    t.equal((await accountsWith(kunci, wanted)).length, 1)
  }
})

interface Slow {
  start: (kunci: Kunci) => Promise<{ statusCode: number }>
  refused: number
}

/** Whatever gives an account an address, of one that is called Lambat; each begins while the address is free. */
async function slowWays (kunci: Kunci): Promise<Record<string, Slow>> {
  const { app, sql } = kunci
  const changing = await registerSignedIn(kunci, 'changing@example.com')
  await outlet.registerVerified(kunci, 'proving@example.com', 'proving')
  await sql`update users set name = 'Lambat' where email in ('changing@example.com', 'proving@example.com')`
  const { accessToken } = await outlet.login(kunci, 'proving@example.com')
  await app.inject({ method: 'PATCH', url: '/auth/profile', headers: bearer(accessToken), payload: { email: 'proof@example.com', currentPassword: outlet.PASSWORD } })
  const token = await mailedToken(kunci, 'proof@example.com')
  const post = async (url: string, payload: object) => await app.inject({ method: 'POST', url, payload })
  return {
    registration: { start: async kunci => await register(kunci, { nama_lengkap: 'Lambat', email: 'registration@example.com' }), refused: 400 },
    console: { start: async () => await post('/api/auth/register', { name: 'Lambat', email: 'console@example.com', password: PASSWORD }), refused: 409 },
    signin: { start: async () => await post('/signin/auth/signup', { name: 'Lambat', email: 'signin@example.com', username: 'lambat', password: PASSWORD }), refused: 409 },
    change: { start: async kunci => await updateProfile(kunci, changing, { email: 'change@example.com' }), refused: 400 },
    proof: { start: async () => await post('/auth/verify', { token }), refused: 400 }
  }
}

t.test('what found an address free before an account had and left it is refused when it is written after', async t => {
  const kunci = await build(t, { CONTRACTS })
  const { sql } = kunci
  const ways = await slowWays(kunci)
  // Rows of accounts called Lambat are written only when the test lets them.
  await sql.unsafe(`
    create function hold () returns trigger language plpgsql as $$ begin perform pg_advisory_xact_lock(42); return new; end $$;
    create trigger hold before insert or update on users for each row when (new.name = 'Lambat') execute function hold()`)
  for (const [name, { start, refused }] of Object.entries(ways)) {
    const wanted = `${name}@example.com`
    const token = await registerSignedIn(kunci, `owner.${name}@example.com`)
    let slow: Promise<{ statusCode: number }> | undefined
    await sql.begin(async held => {
      await held`select pg_advisory_xact_lock(42)`
      slow = start(kunci)
      for (let waiting = 0; waiting === 0;) {
        const [lock] = await sql<Array<{ count: number }>>`
          select count(*)::int from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`
        waiting = lock?.count ?? 0
      }
      t.equal((await updateProfile(kunci, token, { email: wanted })).statusCode, 200, name)
      t.equal((await updateProfile(kunci, token, { email: `left.${name}@example.com` })).statusCode, 200, name)
    })
    t.equal((await slow)?.statusCode, refused, name)
    t.same(await accountsWith(kunci, wanted), [], name)
    t.equal((await restoreEmail(kunci, await restoreToken(kunci, wanted))).statusCode, 200, name)
    t.same((await accountsWith(kunci, wanted)).length, 1, name)
  }
})

t.test('a restoration and a registration of the address at the same moment leave it with its owner', async t => {
  const kunci = await build(t, { CONTRACTS })
  for (let round = 0; round < 5; round++) {
    const former = `back${round}@example.com`
    const token = await registerSignedIn(kunci, former)
    const { id } = (await verifyToken(kunci, token)).json().data
    await updateProfile(kunci, token, { email: `gone${round}@example.com` })
    const link = await restoreToken(kunci, former)
    const [restoration, registered] = await Promise.all([restoreEmail(kunci, link), register(kunci, { email: former })])
    t.equal(restoration.statusCode, 200)
    t.equal(registered.statusCode, 400)
    t.same(registered.json(), TAKEN)
    t.same(await accountsWith(kunci, former), [String(id)])
  }
})
