import t from 'tap'
import { bearer, build, mailedToken, readMails, TestClock } from '../helper.js'
import * as outlet from '../outlet/client.js'
import {
  BAD_TOKEN, CONTRACTS, login, mail, mailsTo, PASSWORD, register, registerSignedIn, requestReset, restoreEmail, restoreToken, submitPassword, tokenIn, updatePassword,
  updateProfile, verifyToken, WEEK
} from './client.js'

const kunci = await build(t, { CONTRACTS })
const { app, clock, sql } = kunci

/** An account that went through these addresses, and the link to each that it left. */
async function through (...addresses: [string, ...string[]]) {
  const token = await registerSignedIn(kunci, addresses[0])
  for (const email of addresses.slice(1)) {
    clock.advance(1)
    t.equal((await updateProfile(kunci, token, { email })).statusCode, 200, email)
  }
  const links = await Promise.all(addresses.slice(0, -1).map(async address => await restoreToken(kunci, address)))
  return { token, links }
}

async function addressOf (number: number): Promise<string> {
  const [account] = await sql<Array<{ email: string }>>`select email from users where number = ${number}`
  return account?.email ?? ''
}

/** Chooses a password by the mail that followed a restoration, and signs in. */
async function recover (email: string): Promise<string> {
  t.equal((await submitPassword(kunci, await tokenIn(kunci, email, mail.reset), PASSWORD)).statusCode, 200, email)
  return await login(kunci, email)
}

t.test('the link of the first address works after that of a later one was used', async t => {
  const { links } = await through('a1@example.com', 'b1@example.com', 'c1@example.com')
  t.equal((await restoreEmail(kunci, links[1] ?? '')).json().data.email, 'b1@example.com')
  const thief = await recover('b1@example.com')
  clock.advance(60)
  t.equal((await restoreEmail(kunci, links[0] ?? '')).json().data.email, 'a1@example.com')
  t.same((await verifyToken(kunci, thief)).json(), BAD_TOKEN)
  t.equal((await verifyToken(kunci, await recover('a1@example.com'))).json().data.email, 'a1@example.com')
})

t.test('the link of a later address is dead once that of the first was used', async t => {
  const { links } = await through('a2@example.com', 'b2@example.com', 'c2@example.com', 'd2@example.com')
  t.equal((await restoreEmail(kunci, links[0] ?? '')).statusCode, 200)
  const owner = await recover('a2@example.com')
  for (const link of links) {
    const response = await restoreEmail(kunci, link)
    t.equal(response.statusCode, 401)
    t.same(response.json(), BAD_TOKEN)
  }
  t.equal((await verifyToken(kunci, owner)).json().data.email, 'a2@example.com')
  for (const email of ['b2@example.com', 'c2@example.com', 'd2@example.com']) t.equal((await register(kunci, { email })).statusCode, 201, `${email} is free again`)
})

t.test('a change and a reset of the password do not kill the link', async t => {
  const { token, links } = await through('a3@example.com', 'b3@example.com')
  t.equal((await updatePassword(kunci, token, { old_password: PASSWORD, new_password: 'punya maling 1' })).statusCode, 200)
  await requestReset(kunci, 'b3@example.com')
  t.equal((await submitPassword(kunci, await tokenIn(kunci, 'b3@example.com', mail.reset), 'punya maling 2')).statusCode, 200)
  t.equal((await restoreEmail(kunci, links[0] ?? '')).statusCode, 200)
  t.equal((await verifyToken(kunci, await recover('a3@example.com'))).json().data.email, 'a3@example.com')
})

t.test('a proof of the new address, and a further change through outlet, do not kill the link', async t => {
  await outlet.registerVerified(kunci, 'a4@example.com', 'fourth')
  await updateProfile(kunci, await login(kunci, 'a4@example.com', outlet.PASSWORD), { email: 'b4@example.com' })
  const link = await restoreToken(kunci, 'a4@example.com')
  const verify = async (email: string) => await app.inject({ method: 'POST', url: '/auth/verify', payload: { token: await mailedToken(kunci, email) } })
  t.equal((await verify('b4@example.com')).statusCode, 200)
  const { accessToken } = await outlet.login(kunci, 'b4@example.com')
  await app.inject({ method: 'PATCH', url: '/auth/profile', headers: bearer(accessToken), payload: { email: 'c4@example.com', currentPassword: outlet.PASSWORD } })
  t.equal((await verify('c4@example.com')).statusCode, 200)
  const thief = await outlet.login(kunci, 'c4@example.com')

  t.equal((await restoreEmail(kunci, link)).json().data.email, 'a4@example.com')
  t.equal((await outlet.profile(kunci, thief.accessToken)).statusCode, 401)
  t.equal((await verifyToken(kunci, await recover('a4@example.com'))).json().data.email, 'a4@example.com')
})

t.test('a link is good also where the account came back to the address by itself', async t => {
  const { token, links } = await through('a5@example.com', 'b5@example.com', 'a5@example.com')
  t.equal((await restoreEmail(kunci, links[0] ?? '')).json().data.email, 'a5@example.com')
  t.same((await verifyToken(kunci, token)).json(), BAD_TOKEN)
  const owner = await recover('a5@example.com')
  t.equal(links[1], '', 'who had it in between got no link')
  t.equal((await verifyToken(kunci, owner)).statusCode, 200)
})

t.test('an address that an account had for a moment has no right to it once the owner is back', async t => {
  const { token, links } = await through('owner@example.com', 'thief@example.com')
  const thief = await updateProfile(kunci, token, { email: 'other@example.com' })
  t.equal(thief.statusCode, 200)
  const link = await restoreToken(kunci, 'thief@example.com')
  t.not(link, '')
  t.equal((await updateProfile(kunci, token, { email: 'owner@example.com' })).statusCode, 200)
  t.same((await restoreEmail(kunci, link)).json(), BAD_TOKEN)
  t.equal((await restoreEmail(kunci, links[0] ?? '')).statusCode, 200)
})

t.test('a reset mail to an address that can still lose the account says so', async t => {
  await through('before@example.com', 'after@example.com')
  await requestReset(kunci, 'after@example.com')
  const [message] = await mailsTo(kunci, 'after@example.com', mail.reset)
  t.match(message?.text, 'Akun ini baru saja memakai alamat lain, yang pemiliknya dapat mengambilnya kembali hingga 7 hari.')
  clock.advance(WEEK)
  await requestReset(kunci, 'after@example.com')
  t.notMatch((await mailsTo(kunci, 'after@example.com', mail.reset)).at(-1)?.text, 'alamat lain')
})

t.test('a change after a restoration gets a link of its own', async t => {
  const { links } = await through('a6@example.com', 'b6@example.com')
  await restoreEmail(kunci, links[0] ?? '')
  await updateProfile(kunci, await recover('a6@example.com'), { email: 'c6@example.com' })
  const next = await restoreToken(kunci, 'a6@example.com')
  t.not(next, links[0])
  t.same((await restoreEmail(kunci, links[0] ?? '')).json(), BAD_TOKEN)
  t.equal((await restoreEmail(kunci, next)).json().data.email, 'a6@example.com')
})

t.test('from the fourth change in 7 days on an address gets a notice without a link, and is nobody\'s', async t => {
  const { token, links } = await through('a7@example.com', 'b7@example.com', 'c7@example.com', 'd7@example.com', 'e7@example.com')
  t.same(links.map(link => link !== ''), [true, true, true, false])
  const [notice, ...others] = await mailsTo(kunci, 'd7@example.com', mail.emailChanged)
  t.same(others, [])
  t.equal(notice?.token, '')
  t.match(notice?.text, 'Akun Anda kini memakai alamat email lain. Pesan tidak lagi dikirim ke alamat ini.')
  t.notMatch(notice?.text, 'http')
  t.equal((await register(kunci, { email: 'd7@example.com' })).statusCode, 201)
  t.equal((await register(kunci, { email: 'a7@example.com' })).statusCode, 400, 'the first three are kept')

  const { id } = (await verifyToken(kunci, token)).json().data
  t.equal((await restoreEmail(kunci, links[0] ?? '')).statusCode, 200)
  t.equal(await addressOf(id), 'a7@example.com')
})

t.test('a week later an account has links again', async t => {
  await through('a8@example.com', 'b8@example.com', 'c8@example.com', 'd8@example.com', 'e8@example.com')
  clock.advance(WEEK)
  await updateProfile(kunci, await login(kunci, 'e8@example.com'), { email: 'f8@example.com' })
  t.equal((await restoreEmail(kunci, await restoreToken(kunci, 'e8@example.com'))).json().data.email, 'e8@example.com')
})

t.test('of the links of two addresses that are used at once, that of the first holds', async t => {
  for (let round = 0; round < 4; round++) {
    const { token, links } = await through(`a10.${round}@example.com`, `b10.${round}@example.com`, `c10.${round}@example.com`)
    const { id } = (await verifyToken(kunci, token)).json().data
    const [first, second] = await Promise.all([restoreEmail(kunci, links[0] ?? ''), restoreEmail(kunci, links[1] ?? '')])
    t.equal(first.statusCode, 200)
    t.ok([200, 401].includes(second.statusCode), `second ${second.statusCode}`)
    t.equal(await addressOf(id), `a10.${round}@example.com`)
  }
})

t.test('the first address has the better right also where the instances that changed it had different clocks', async t => {
  const ahead = await build(t, { CONTRACTS })
  const clock = new TestClock()
  clock.advance(-2)
  const behind = await build(t, { CONTRACTS }, { databaseUrl: ahead.databaseUrl, clock })
  const token = await registerSignedIn(ahead, 'first@example.com')
  await updateProfile(ahead, token, { email: 'second@example.com' })
  const first = await restoreToken(ahead, 'first@example.com')
  await updateProfile(behind, token, { email: 'third@example.com' })
  const second = await restoreToken(ahead, 'second@example.com') || await restoreToken(behind, 'second@example.com')

  t.equal((await restoreEmail(ahead, second)).statusCode, 200)
  t.equal((await restoreEmail(ahead, first)).statusCode, 200)
  t.same((await restoreEmail(ahead, second)).json(), BAD_TOKEN)
})

t.test('a restoration holds, whatever is changed at the same moment', async t => {
  for (let round = 0; round < 4; round++) {
    const former = `a9.${round}@example.com`
    const { token, links } = await through(former, `b9.${round}@example.com`)
    const { id } = (await verifyToken(kunci, token)).json().data
    const [restoration, change] = await Promise.all([
      restoreEmail(kunci, links[0] ?? ''),
      updateProfile(kunci, token, { email: `c9.${round}@example.com` }),
      updatePassword(kunci, token, { old_password: PASSWORD, new_password: 'punya maling 1' })
    ])
    t.equal(restoration.statusCode, 200)
    t.ok([200, 401].includes(change.statusCode), `change ${change.statusCode}`)
    t.equal(await addressOf(id), former)
    t.same((await verifyToken(kunci, token)).json(), BAD_TOKEN)
    t.same(await sql`select id from sessions where revoked_at is null and user_id = (select id from users where number = ${id})`, [])
    t.same(await sql`select password_hash from users where number = ${id}`, [{ password_hash: null }])
    const tokens = (await readMails(kunci)).filter(({ to }) => to === `b9.${round}@example.com` || to === `c9.${round}@example.com`).map(sent => sent.token).filter(text => text !== '')
    for (const text of tokens) t.equal((await restoreEmail(kunci, text)).statusCode, 401)
  }
})
