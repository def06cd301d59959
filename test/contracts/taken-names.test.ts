import t from 'tap'
import { bearer, build } from '../helper.js'
import { PASSWORD } from '../outlet/client.js'
import { person, register, registrars, signIn, tokensOf } from './clients.js'
import { failed, failure } from './failures.js'

const kunci = await build(t, { CONTRACTS: '' })
const { app, sql } = kunci

const emailTaken = {
  outlet: failure('outlet', 409, 'User with this email already exists'),
  console: failure('console', 409, 'Email already exists'),
  donation: failure('donation', 400, 'Email sudah digunakan oleh user lain'),
  signin: failure('signin', 409, 'Email already exists')
}

const usernameTaken = {
  outlet: failure('outlet', 409, 'User with this username already exists'),
  signin: failure('signin', 409, 'Username already exists')
}

async function accounts (): Promise<number> {
  const [found] = await sql<Array<{ count: number }>>`select count(*)::int from users`
  return found?.count ?? 0
}

for (const first of registrars) {
  t.test(`what was registered through ${first} is registered through no other contract`, async t => {
    const owner = person(`by.${first}`)
    await register(kunci, first, owner)
    const before = await accounts()
    for (const second of registrars) {
      for (const email of [owner.email, ` ${owner.email.toUpperCase()} `]) {
        const response = await register(kunci, second, { ...person('free-name'), email })
        t.strictSame(failed(response), emailTaken[second], `${email} through ${second}`)
      }
    }
    if (first === 'outlet' || first === 'signin') {
      for (const second of ['outlet', 'signin'] as const) {
        for (const username of [owner.username, owner.username.toUpperCase()]) {
          const response = await register(kunci, second, { email: 'free@example.com', username })
          t.strictSame(failed(response), usernameTaken[second], `${username} through ${second}`)
        }
      }
    }
    t.equal(await accounts(), before)
    t.equal((await signIn(kunci, 'console', owner)).statusCode, 200, 'the password is still that of the first')
  })
}

t.test('of all contracts through which an address is registered at once, one gets it', async t => {
  for (let round = 0; round < 5; round++) {
    const owner = person(`race-${round}`)
    const responses = await Promise.all(registrars.map(async name => ({ name, response: await register(kunci, name, { ...owner, username: `${name}-${round}` }) })))
    const lost = responses.filter(({ response }) => response.statusCode >= 300)
    t.equal(lost.length, registrars.length - 1)
    for (const { name, response } of lost) t.strictSame(failed(response), emailTaken[name], name)
    t.equal((await sql`select id from users where email = ${owner.email}`).length, 1)
  }
})

t.test('nobody renames themselves to what another contract registered', async t => {
  const other = person('taken')
  await register(kunci, 'signin', other)
  const owner = person('renaming')
  await register(kunci, 'signin', owner)
  await sql`update users set email_verified_at = now() where email = ${owner.email}`
  const member = bearer((await tokensOf(kunci, 'member', owner)).access)
  const outlet = bearer((await tokensOf(kunci, 'outlet', owner)).access)
  const donation = bearer((await tokensOf(kunci, 'donation', owner)).access)

  const asMember = async (payload: object) => failed(await app.inject({ method: 'POST', url: '/member/api/auth/edit-profile', headers: member, payload }))
  t.strictSame(await asMember({ username: 'TAKEN' }), failure('member', 409, 'Username already exists'))
  t.strictSame(await asMember({ email: 'Taken@example.com', current_password: PASSWORD }), failure('member', 409, 'Email already exists'))
  const atOutlet = async (payload: object) => failed(await app.inject({ method: 'PATCH', url: '/auth/profile', headers: outlet, payload }))
  t.strictSame(await atOutlet({ username: 'TAKEN' }), usernameTaken.outlet)
  t.strictSame(await atOutlet({ email: 'Taken@example.com', currentPassword: PASSWORD }), emailTaken.outlet)
  const donating = await app.inject({ method: 'PATCH', url: '/donation/auth/profile/update', headers: donation, payload: { email: 'Taken@example.com' } })
  t.strictSame(failed(donating), emailTaken.donation)
  t.same(await sql`select email, username from users where email in (${owner.email}, ${other.email}) order by email`, [owner, other])
})

t.test('an address that its former owner may still take back is registered through no contract', async t => {
  const owner = person('moving')
  await register(kunci, 'donation', owner)
  const { access } = await tokensOf(kunci, 'donation', owner)
  const moved = await app.inject({ method: 'PATCH', url: '/donation/auth/profile/update', headers: bearer(access), payload: { email: 'moved@example.com' } })
  t.equal(moved.statusCode, 200)
  for (const name of registrars) t.strictSame(failed(await register(kunci, name, { ...person('another'), email: owner.email })), emailTaken[name], name)
  kunci.clock.advance(7 * 24 * 3600)
  t.equal((await register(kunci, 'console', owner)).statusCode, 201)
})
