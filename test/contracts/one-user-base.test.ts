import t, { type Test } from 'tap'
import { bearer, build, type Kunci, mailedToken } from '../helper.js'
import { choices } from '../outlet/client.js'
import { me, type Name, person, register, registrars, signIn, tokensOf, wires } from './clients.js'
import { failed, failing } from './failures.js'

const TIME = '2026-01-05T08:00:00.000Z'
const owner = person('siti')

/** What an account shows that never said more than its registration through one contract asked. */
const given = {
  outlet: { username: 'siti', name: null, phone: null, hasOutlet: true },
  console: { username: null, name: 'Siti Rahayu', phone: null, hasOutlet: false },
  donation: { username: null, name: 'Siti Rahayu', phone: '081234567890', hasOutlet: false },
  signin: { username: 'siti', name: 'Siti Rahayu', phone: null, hasOutlet: false }
} as const

/** A server whose first account is somebody else's, so that no number is right by chance. */
async function start (t: Test): Promise<Kunci> {
  const kunci = await build(t, { CONTRACTS: '' })
  for (const username of ['budi', 'dewi', 'rina', 'wati']) await register(kunci, 'signin', person(username))
  return kunci
}

async function verify (kunci: Kunci): Promise<void> {
  const response = await kunci.app.inject({ method: 'POST', url: '/auth/verify', payload: { token: await mailedToken(kunci, owner.email) } })
  if (response.statusCode !== 200) throw new Error(response.body)
}

/** @returns how the row of the account is named: by its UUID and by its number */
async function idsOf (kunci: Kunci, email = owner.email): Promise<{ id: string, number: number }> {
  const [account] = await kunci.sql<Array<{ id: string, number: string }>>`select id, number from users where email = ${email}`
  return { id: account?.id ?? '', number: Number(account?.number) }
}

/** Signs in through a contract and compares all that it shows of the account. */
async function shows (t: Test, kunci: Kunci, name: Name, from: typeof registrars[number]): Promise<void> {
  const { username, name: personName, phone, hasOutlet } = given[from]
  const { id, number } = await idsOf(kunci)
  const { outlet, user } = await choices(kunci)
  const response = await signIn(kunci, name, owner)
  t.equal(response.statusCode, 200, name)
  const { access, refresh } = wires[name].tokens(response)
  const claims = JSON.parse(Buffer.from(access.split('.')[1] ?? '', 'base64url').toString())
  t.match(claims, { aud: name, sub: id, roles: ['user'], permissions: [] }, name)
  t.equal(claims.outlet, hasOutlet ? outlet : undefined, name)
  const shown = (await me(kunci, name, access)).json()
  switch (name) {
    case 'outlet':
      t.strictSame(shown.data, {
        id,
        email: owner.email,
        username,
        isConfirmed: true,
        outlet: hasOutlet ? { id: outlet, name: 'Main Outlet' } : null,
        role: { id: user, name: 'user', isAdmin: false },
        createdAt: TIME,
        updatedAt: TIME
      })
      break
    case 'console': {
      const account = { id: number, name: personName, email: owner.email, role_id: 2 }
      t.strictSame(response.json(), { status: true, message: 'Login successful', data: { user: { ...account, role_name: 'user' }, token: access, refreshToken: refresh, expiresIn: 3600 } })
      t.strictSame(shown, { status: true, data: { ...account, role: { id: 2, name: 'user', permissions: [] }, created_at: TIME } })
      break
    }
    case 'donation': {
      const account = { id: number, email: owner.email, nama_lengkap: personName, telp: phone, role: 'user' }
      t.strictSame(response.json(), { success: true, message: 'Berhasil Login', data: { ...account, token: access } })
      t.strictSame(shown, { success: true, message: 'Token valid', data: account })
      break
    }
    case 'member':
      t.strictSame(response.json(), {
        status: 'Success',
        status_code: 200,
        message: 'User Successfully Logged In',
        data: { id, username, role_user: [{ id: user, name: 'user', status: true, created_at: TIME, updated_at: TIME }], token: access, refresh_token: refresh }
      })
      break
    case 'signin':
      t.strictSame(response.json(), { user: { id: number, email: owner.email, username, name: personName }, accessToken: access, refreshToken: refresh })
      t.strictSame(shown, { userId: number, username, email: owner.email })
  }
}

for (const from of registrars) {
  t.test(`an account made through ${from} signs in through every contract that knows its name, and shows null for what it never gave`, async t => {
    const kunci = await start(t)
    t.equal((await register(kunci, from, owner)).statusCode, from === 'outlet' ? 200 : 201)
    for (const name of ['console', 'donation'] as const) await shows(t, kunci, name, from)
    for (const name of ['member', 'signin'] as const) {
      if (given[from].username === null) t.strictSame(failed(await signIn(kunci, name, owner)), failing(name, 'invalid_credentials'), name)
      else await shows(t, kunci, name, from)
    }
    t.strictSame((await signIn(kunci, 'outlet', owner)).json(), { status: 403, message: 'Email not verified' })
    await verify(kunci)
    await shows(t, kunci, 'outlet', from)
  })
}

t.test('what one contract changes the others show: a username, a name, a phone, an email', async t => {
  const kunci = await start(t)
  await register(kunci, 'donation', owner)
  await verify(kunci)
  const outlet = await tokensOf(kunci, 'outlet', owner)
  await kunci.app.inject({ method: 'PATCH', url: '/auth/profile', headers: bearer(outlet.access), payload: { username: 'Siti 2' } })
  const renamed = { ...owner, username: 'siti 2' }
  const member = await tokensOf(kunci, 'member', renamed)
  await kunci.app.inject({ method: 'POST', url: '/member/api/auth/edit-profile', headers: bearer(member.access), payload: { name: 'Siti Aminah', phone: '+6281234567891' } })
  const donation = await tokensOf(kunci, 'donation', owner)
  await kunci.app.inject({ method: 'PATCH', url: '/donation/auth/profile/update', headers: bearer(donation.access), payload: { email: 'Siti.Baru@Example.com' } })

  const email = 'siti.baru@example.com'
  const { id, number } = await idsOf(kunci, email)
  const { user } = await choices(kunci)
  t.strictSame((await me(kunci, 'donation', donation.access)).json().data, { id: number, email, nama_lengkap: 'Siti Aminah', telp: '+6281234567891', role: 'user' })
  t.match((await me(kunci, 'outlet', outlet.access)).json().data, { id, email, username: 'Siti 2', isConfirmed: false, outlet: null, role: { id: user } })
  t.strictSame((await me(kunci, 'signin', (await tokensOf(kunci, 'signin', renamed)).access)).json(), { userId: number, username: 'Siti 2', email })
  t.match((await signIn(kunci, 'console', { ...owner, email })).json().data.user, { id: number, name: 'Siti Aminah', email })
  t.strictSame(failed(await signIn(kunci, 'console', owner)), failing('console', 'invalid_credentials'), 'the former address')
})

t.test('a role that was chosen through one contract stands in all', async t => {
  const kunci = await build(t, { CONTRACTS: '' })
  const chosen = { donation: { role: 'volunteer' }, console: { role_id: 3 } }
  for (const from of ['donation', 'console'] as const) {
    const volunteer = person(`by-${from}`)
    t.equal((await register(kunci, from, volunteer, chosen[from])).statusCode, 201)
    t.match((await signIn(kunci, 'donation', volunteer)).json().data, { role: 'volunteer' })
    t.match((await signIn(kunci, 'console', volunteer)).json().data.user, { role_id: 3, role_name: 'volunteer' })
  }
})

t.test('an event has a number in donation and a UUID in outlet, and both name the same row', async t => {
  const kunci = await start(t)
  await register(kunci, 'outlet', owner)
  await verify(kunci)
  const outlet = await tokensOf(kunci, 'outlet', owner)
  const donation = await tokensOf(kunci, 'donation', owner)
  const { id: account, number } = await idsOf(kunci)
  const rows = await kunci.sql<Array<{ id: string, number: string, type: string }>>`select id, number, type from audit_events where user_id = ${account} order by number desc`
  t.strictSame(rows.map(({ type }) => type), ['session.started', 'session.started', 'email.verified', 'account.registered'])

  const history = await kunci.app.inject({ url: '/auth/history', headers: bearer(outlet.access) })
  t.strictSame(history.json<{ data: Array<{ id: string, type: string }> }>().data.map(({ id, type }) => ({ id, type })), rows.map(({ id, type }) => ({ id, type })))
  const tokens = await kunci.app.inject({ url: `/donation/auth/riwayat-token/${number}`, headers: bearer(donation.access) })
  const started = rows.filter(({ type }) => type === 'session.started')
  t.strictSame(tokens.json<{ data: Array<{ id: number, id_user: number }> }>().data.map(entry => ({ id: entry.id, id_user: entry.id_user })), started.map(row => ({ id: Number(row.number), id_user: number })))
})
