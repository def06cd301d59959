import { randomUUID } from 'node:crypto'
import t from 'tap'
import { createReferenceSigner } from '../../src/domain/signed-reference.js'
import { build, type Kunci, mailedToken } from '../helper.js'
import { cookieOf, deviceOf, PASSWORD, register, registerVerified, tryPassword } from '../outlet/client.js'

const LOCKED = { status: 429, message: 'Too many requests' }
const WRONG = { status: 401, message: 'Invalid credentials' }

t.test('of two hundred guesses at once with one device cookie over two instances ten are compared', async t => {
  const one = await build(t, { RATE_LIMIT: 'on' })
  await registerVerified(one)
  const other = await build(t, { RATE_LIMIT: 'on' }, one)
  const cookie = `refresh_token_device=${deviceOf(await tryPassword(one, PASSWORD))}`
  const answers = await Promise.all(Array.from({ length: 200 }, async (_, at) => (await tryPassword(at % 2 === 0 ? one : other, `wrong ${at}`, 'siti@example.com', cookie)).statusCode))
  t.equal(answers.filter(status => status === 401).length, 10)
  t.equal(answers.filter(status => status === 429).length, 190)
  t.equal((await one.sql`select * from audit_events where type = 'login.failed'`).length, 10)
  t.equal((await tryPassword(one, PASSWORD)).statusCode, 200, 'browsers that are not known are not locked with it')
})

t.test('what is no device cookie of the account, or none any more, gives no further guess', async t => {
  const kunci = await build(t, { RATE_LIMIT: 'on', ACCOUNT_LIMIT: '1' })
  await registerVerified(kunci)
  await registerVerified(kunci, 'budi@example.com', 'budi')
  const expired = deviceOf(await tryPassword(kunci, PASSWORD))
  kunci.clock.advance(180 * 24 * 3600)
  const own = await tryPassword(kunci, PASSWORD)
  const good = deviceOf(own)
  const flipped = Buffer.from(good, 'base64url')
  flipped.writeUInt8(flipped.readUInt8(21) ^ 1, 21)
  const [account] = await kunci.sql<Array<{ id: string }>>`select id from users where username = 'siti'`
  const foreigner = createReferenceSigner(['the secret of another installation of Kunci'])
  const tokens = {
    "another account's": deviceOf(await tryPassword(kunci, PASSWORD, 'budi@example.com')),
    "another installation's": foreigner.sign('device', { accountId: account?.id ?? '', rowId: randomUUID(), counter: kunci.clock.now.getTime() / 1000 }),
    expired,
    'of another id': flipped.toString('base64url'),
    'in quotation marks': `"${good}"`,
    padded: `${good}=`,
    cut: good.slice(0, -1),
    'a refresh token': cookieOf(own),
    'an access token': own.json().data.access_token,
    empty: ''
  }
  const cookies = [...Object.entries(tokens).map(([name, token]) => [name, `refresh_token_device=${token}`] as const),
    ['under the name of the refresh cookie', `refresh_token=${good}`], ['under a longer name', `refresh_token_device2=${good}`], ['under a name in other case', `Refresh_Token_Device=${good}`]] as const
  t.equal((await tryPassword(kunci, 'wrong')).statusCode, 401)
  for (const [name, cookie] of cookies) {
    const response = await tryPassword(kunci, PASSWORD, 'siti@example.com', cookie)
    t.equal(response.statusCode, 429, name)
    t.same(response.json(), LOCKED, name)
    t.equal(response.headers['retry-after'], '900', name)
    t.same(response.cookies, [], name)
  }
  t.equal((await tryPassword(kunci, PASSWORD, 'siti@example.com', `refresh_token_device=${good}`)).statusCode, 200)
})

t.test('a refused sign-in is the same with a device cookie and without, whatever the account', async t => {
  const kunci = await build(t, { RATE_LIMIT: 'on' })
  await registerVerified(kunci)
  const cookie = `refresh_token_device=${deviceOf(await tryPassword(kunci, PASSWORD))}`
  await registerVerified(kunci, 'budi@example.com', 'budi')
  await register(kunci, { email: 'unverified@example.com', username: 'unverified' })
  await registerVerified(kunci, 'disabled@example.com', 'disabled')
  const disabled = `refresh_token_device=${deviceOf(await tryPassword(kunci, PASSWORD, 'disabled@example.com'))}`
  await kunci.sql`update users set disabled_at = now() where username = 'disabled'`
  const refusal = async (email: string, password: string, cookie?: string) => {
    const { statusCode, headers: { date, ...headers }, body } = await tryPassword(kunci, password, email, cookie)
    return { statusCode, headers, body }
  }
  const plain = await refusal('nobody@example.com', 'wrong')
  t.same(JSON.parse(plain.body), WRONG)
  for (const email of ['siti@example.com', 'budi@example.com', 'unverified@example.com', 'disabled@example.com', 'nobody@example.com', 'no address']) {
    for (const sent of [undefined, cookie, disabled, 'refresh_token_device=junk']) t.same(await refusal(email, 'wrong', sent), plain, email)
  }
  t.same(await refusal('disabled@example.com', PASSWORD, disabled), plain)
  const unverified = await refusal('unverified@example.com', PASSWORD)
  t.same(JSON.parse(unverified.body), { status: 403, message: 'Email not verified' })
  t.same(await refusal('unverified@example.com', PASSWORD, cookie), unverified)
})

t.test('whoever once knew the password, and signed in on many devices, has three devices\' guesses at the next one', async t => {
  const kunci = await build(t, { RATE_LIMIT: 'on', ACCOUNT_LIMIT: '2' })
  await registerVerified(kunci)
  const cookies: string[] = []
  for (let times = 0; times < 6; times++) cookies.push(`refresh_token_device=${deviceOf(await tryPassword(kunci, PASSWORD))}`)
  const chosen = await resetPassword(kunci, 'Kata-Sandi-Baru-9')
  const guesses = [...cookies, ...cookies].map(async cookie => (await tryPassword(kunci, 'wrong', 'siti@example.com', cookie)).statusCode)
  const answers = await Promise.all(guesses)
  t.equal(answers.filter(status => status === 401).length, 6)
  t.equal(answers.filter(status => status === 429).length, 6)
  const locked = await tryPassword(kunci, chosen, 'siti@example.com', cookies[0])
  t.same(locked.json(), LOCKED)
  t.equal(locked.headers['retry-after'], '900')
  t.equal((await tryPassword(kunci, chosen)).statusCode, 200, 'browsers that are not known are not locked with them')
  const another = await resetPassword(kunci, 'Kata-Sandi-Lain-8')
  t.equal((await tryPassword(kunci, another, 'siti@example.com', cookies[0])).statusCode, 200)
})

async function resetPassword (kunci: Kunci, password: string): Promise<string> {
  kunci.clock.advance(1)
  await kunci.app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email: 'siti@example.com' } })
  const token = await mailedToken(kunci, 'siti@example.com')
  await kunci.app.inject({ method: 'POST', url: '/auth/password/reset', payload: { token, password, confirmPassword: password } })
  return password
}
