import t, { type Test } from 'tap'
import { build, type Kunci } from '../helper.js'
import { registerVerified } from '../outlet/client.js'
import { me, type Name, names, person, refresh, refreshedTokens, signIn, type Tokens, wires } from './clients.js'
import { failed, failing } from './failures.js'

const owner = person('siti')
const DAY = 24 * 3600

/** Seconds, by the documents. */
const lifetimes: Record<Name, { access: number, refresh: number }> = {
  outlet: { access: 15 * 60, refresh: 3 * DAY },
  console: { access: 3600, refresh: 7 * DAY },
  donation: { access: 7 * DAY, refresh: 7 * DAY },
  member: { access: 3600, refresh: DAY },
  signin: { access: 15 * 60, refresh: 7 * DAY }
}

function claimsOf (access: string): { iat: number, exp: number } {
  return JSON.parse(Buffer.from(access.split('.')[1] ?? '', 'base64url').toString())
}

/** Lives through a session of a contract: its access token, its refreshes, its end. */
async function liveThrough (t: Test, kunci: Kunci, name: Name, { access: accessLifetime, refresh: sessionLifetime }: { access: number, refresh: number }): Promise<void> {
  const { clock } = kunci
  const begun = clock.now.getTime()
  const end = begun + sessionLifetime * 1000
  const moveTo = (time: number) => { clock.advance((time - clock.now.getTime()) / 1000) }

  const response = await signIn(kunci, name, owner)
  let tokens: Tokens = wires[name].tokens(response)
  const { iat, exp } = claimsOf(tokens.access)
  t.equal(iat * 1000, begun)
  t.equal(exp - iat, accessLifetime)
  t.equal(response.json().data?.expiresIn, name === 'console' ? accessLifetime : undefined)
  t.strictSame(response.cookies.map(cookie => cookie.maxAge), name === 'outlet' ? [sessionLifetime, 180 * 24 * 3600] : [])
  t.same(await kunci.sql`select extract(epoch from expires_at - created_at)::int as lifetime from sessions order by created_at desc, id desc limit 1`, [{ lifetime: sessionLifetime }])

  moveTo(begun + accessLifetime * 1000 - 1000)
  t.equal((await me(kunci, name, tokens.access)).statusCode, 200, 'its last second')
  moveTo(begun + accessLifetime * 1000)
  t.strictSame(failed(await me(kunci, name, tokens.access)), failing(name, 'invalid_access_token'))
  if (accessLifetime === sessionLifetime) return

  // Refreshed again and again, the session ends when it always would have.
  for (const moment of [end - sessionLifetime * 500, end - 2000]) {
    moveTo(moment)
    const refreshed = await refresh(kunci, name, tokens.refresh)
    t.equal(refreshed.statusCode, 200)
    tokens = refreshedTokens(name, refreshed)
    t.strictSame(refreshed.cookies.map(cookie => cookie.maxAge), name === 'outlet' ? [(end - moment) / 1000] : [])
    t.equal(claimsOf(tokens.access).exp, Math.min(moment + accessLifetime * 1000, end) / 1000, 'no access token outlives its session')
    t.equal(refreshed.json().data?.expiresIn, name === 'console' ? Math.min(accessLifetime, (end - moment) / 1000) : undefined)
  }
  moveTo(end - 1000)
  t.equal((await me(kunci, name, tokens.access)).statusCode, 200)
  moveTo(end)
  t.strictSame(failed(await me(kunci, name, tokens.access)), failing(name, 'invalid_access_token'))
  t.strictSame(failed(await refresh(kunci, name, tokens.refresh)), failing(name, 'invalid_refresh_token'))
}

const kunci = await build(t, { CONTRACTS: '' })
await registerVerified(kunci, owner.email, owner.username)

for (const name of names) {
  t.test(`tokens and sessions of ${name} live as long as its document says`, async t => {
    await liveThrough(t, kunci, name, lifetimes[name])
  })
}

t.test('LIFETIMES sets them for each contract, and leaves those that it does not name', async t => {
  const configured = await build(t, { CONTRACTS: '', LIFETIMES: 'outlet=60/600, console=120/1200, donation=180, signin=90/900' })
  await registerVerified(configured, owner.email, owner.username)
  const set = { outlet: [60, 600], console: [120, 1200], donation: [180, 180], signin: [90, 900] } as const
  for (const name of ['outlet', 'console', 'donation', 'signin'] as const) {
    const [access, refresh] = set[name]
    await liveThrough(t, configured, name, { access, refresh })
  }
  await liveThrough(t, configured, 'member', lifetimes.member)
})
