import t from 'tap'
import { build, type Kunci } from '../helper.js'
import { registerVerified } from '../outlet/client.js'

const LIMITED = { status: 429, message: 'Too many requests' }

/** Counted before its body is looked at, which then costs no hash. */
const attempt = async (kunci: Kunci, headers: Record<string, string> = {}, remoteAddress = '203.0.113.7', url = '/auth/login') =>
  await kunci.app.inject({ method: 'POST', url, headers, remoteAddress, payload: {} })

async function statuses (count: number, send: (index: number) => Promise<{ statusCode: number }>): Promise<Record<number, number>> {
  const found: Record<number, number> = {}
  for (const { statusCode } of await Promise.all(Array.from({ length: count }, async (_, index) => await send(index)))) {
    found[statusCode] = (found[statusCode] ?? 0) + 1
  }
  return found
}

t.test('sixty sign-ins a minute for an address, counted together with registrations', async t => {
  const kunci = await build(t, { RATE_LIMIT: 'on' })
  t.same(await statuses(60, async () => await attempt(kunci)), { 400: 60 })
  const limited = await attempt(kunci)
  t.equal(limited.statusCode, 429)
  t.same(limited.json(), LIMITED)
  t.equal(limited.headers['retry-after'], '60')
  t.equal((await attempt(kunci, {}, '203.0.113.7', '/auth/register')).statusCode, 429)
  t.equal((await attempt(kunci, {}, '203.0.113.8')).statusCode, 400, 'another address is not touched')
  kunci.clock.advance(59)
  t.equal((await attempt(kunci)).headers['retry-after'], '1')
  kunci.clock.advance(1)
  t.equal((await attempt(kunci)).statusCode, 400)
})

t.test('a clock that is set back locks nobody out for longer', async t => {
  const kunci = await build(t, { RATE_LIMIT: 'on' })
  t.same(await statuses(61, async () => await attempt(kunci)), { 400: 60, 429: 1 })
  kunci.clock.advance(-3600)
  t.same(await statuses(61, async () => await attempt(kunci)), { 400: 60, 429: 1 })
})

t.test('ten mails a minute for an address', async t => {
  const kunci = await build(t, { RATE_LIMIT: 'on' })
  const ask = async (index: number) => await kunci.app.inject({
    method: 'POST', url: index % 2 === 0 ? '/auth/password/forgot' : '/auth/resend/verify', remoteAddress: '203.0.113.7', payload: { email: `nobody${index}@example.com` }
  })
  t.same(await statuses(14, ask), { 200: 10, 429: 4 })
})

t.test('a /64 of IPv6 is one client, however its addresses are written', async t => {
  const kunci = await build(t, { RATE_LIMIT: 'on' })
  const addresses = ['2001:db8:0:1::1', '2001:0db8:0000:0001:ffff:ffff:ffff:ffff', '2001:DB8:0:1:2::', '2001:db8::1:0:0:0:9']
  t.same(await statuses(64, async index => await attempt(kunci, {}, addresses[index % 4])), { 400: 60, 429: 4 })
  t.equal((await attempt(kunci, {}, '2001:db8:0:2::1')).statusCode, 400)
})

t.test('an IPv4 address is the same client over IPv6', async t => {
  const kunci = await build(t, { RATE_LIMIT: 'on' })
  t.same(await statuses(62, async index => await attempt(kunci, {}, index % 2 === 0 ? '203.0.113.7' : '::ffff:203.0.113.7')), { 400: 60, 429: 2 })
})

t.test('forwarding headers count for nothing from anyone who is not a trusted proxy', async t => {
  const kunci = await build(t, { RATE_LIMIT: 'on' })
  const spoofed = async (index: number) => await attempt(kunci, { 'x-forwarded-for': `198.51.100.${index}`, forwarded: `for=198.51.100.${index}` })
  t.same(await statuses(62, spoofed), { 400: 60, 429: 2 })
})

t.test('behind a trusted proxy the client it saw counts, not what the client claimed', async t => {
  const kunci = await build(t, { RATE_LIMIT: 'on', TRUST_PROXY: '10.0.0.0/8, 192.0.2.1' })
  const through = async (index: number) => await attempt(kunci, { 'x-forwarded-for': `198.51.100.${index}, 203.0.113.7` }, '10.1.2.3')
  t.same(await statuses(62, through), { 400: 60, 429: 2 })
  t.equal((await attempt(kunci, { 'x-forwarded-for': '203.0.113.8' }, '10.1.2.3')).statusCode, 400)
})

t.test('garbage from a trusted proxy neither breaks nor escapes', async t => {
  const kunci = await build(t, { RATE_LIMIT: 'on', TRUST_PROXY: '10.0.0.0/8' })
  const garbage = ['a', 'unknown', '"><script>', '1.2.3.4.5', ',', '_hidden', '999.1.1.1']
  t.same(await statuses(62, async index => await attempt(kunci, { 'x-forwarded-for': garbage[index % garbage.length] ?? '' }, '10.1.2.3')), { 400: 60, 429: 2 })
})

t.test('RATE_LIMIT=off switches them off', async t => {
  const kunci = await build(t)
  t.same(await statuses(61, async () => await attempt(kunci)), { 400: 61 })
})

t.test('the client that a trusted proxy saw is what sessions and events show', async t => {
  const kunci = await build(t, { TRUST_PROXY: '10.0.0.0/8' })
  await registerVerified(kunci)
  await kunci.app.inject({
    method: 'POST',
    url: '/auth/login',
    remoteAddress: '10.1.2.3',
    headers: { 'x-forwarded-for': '2001:db8::7', 'user-agent': 'x'.repeat(600) },
    payload: { email: 'siti@example.com', password: 'Password123!' }
  })
  t.same(await kunci.sql`select ip, length(user_agent) from sessions`, [{ ip: '2001:db8::7', length: 512 }])
})
