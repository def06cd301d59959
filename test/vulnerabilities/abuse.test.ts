import { once } from 'node:events'
import { chmod, writeFile } from 'node:fs/promises'
import { connect, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { generatedSecret } from '../../src/auth-secret.js'
import { removeOutdated } from '../../src/domain/retention.js'
import { createFolder } from '../folder.js'
import { bearer, build, readMails } from '../helper.js'
import { cookieOf, login, PASSWORD, profile, refresh, register, registerVerified } from '../outlet/client.js'

t.test('failed sign-ins leave the same event for an account that nobody has', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  for (const email of ['siti@example.com', 'nobody@example.com', 'no address']) {
    await kunci.app.inject({ method: 'POST', url: '/auth/login', payload: { email, password: 'Salah-sekali-1' } })
  }
  t.same(await kunci.sql`select reason, user_id is null as unknown from audit_events where type = 'login.failed' order by number`, [
    { reason: 'wrong password', unknown: false },
    { reason: 'unknown account', unknown: true },
    { reason: 'unknown account', unknown: true }
  ])
  const refusals = kunci.log.map(line => JSON.parse(line)).filter(line => line.problem === 'invalid_credentials')
  const [account] = await kunci.sql`select id from users`
  t.equal(refusals[0].account, account?.['id'])
})

t.test('a stranger who asks for verification mails in vain keeps no reset mail from the owner', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  kunci.clock.advance(7200)
  for (let count = 0; count < 8; count++) {
    await kunci.app.inject({ method: 'POST', url: '/auth/resend/verify', payload: { email: 'siti@example.com' } })
  }
  await kunci.app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email: 'siti@example.com' } })
  t.same((await readMails(kunci)).map(mail => mail.subject), ['Verify your email address', 'Reset your password'])
})

t.test('what strangers ask for in vain is bounded for each address, and goes after a week', async t => {
  const kunci = await build(t)
  for (let count = 0; count < 8; count++) {
    await kunci.app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email: 'nobody@example.com' } })
    await readMails(kunci)
  }
  t.same(await kunci.sql`select count(*)::int from mail_outbox`, [{ count: 5 }])
  await registerVerified(kunci)
  await login(kunci)
  kunci.clock.advance(33 * 24 * 3600 + 1)
  t.same(await removeOutdated(kunci.app.db, 604_800, kunci.clock.now), { sessions: 1, tokens: 1, invitations: 0, mails: 6, attempts: 0, revocations: 0 })
  t.same(await removeOutdated(kunci.app.db, 604_800, kunci.clock.now), { sessions: 0, tokens: 0, invitations: 0, mails: 0, attempts: 0, revocations: 0 })
})

t.test('overlong passwords are refused before they are normalised', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  // NFKC makes each of these 18 characters long.
  const overlong = '\ufdfa'.repeat(20_000)
  const response = await register(kunci, { email: 'long@example.com', username: 'long', password: overlong })
  t.equal(response.statusCode, 400)
  t.same(response.json().errors, ['password must be at most 128 characters'])
  for (const password of [overlong, `${PASSWORD}${' '.repeat(2000)}`]) {
    const login = await kunci.app.inject({ method: 'POST', url: '/auth/login', payload: { email: 'siti@example.com', password } })
    t.same(login.json(), { status: 401, message: 'Invalid credentials' })
  }
})

t.test('any number of forged cookies before a good one does not lock a browser out', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { cookie } = await login(kunci)
  const response = await kunci.app.inject({ method: 'POST', url: '/auth/refresh', headers: { cookie: `${'refresh_token=junk; '.repeat(50)}refresh_token=${cookie}` } })
  t.equal(response.statusCode, 200)
  t.equal((await refresh(kunci, cookieOf(response))).statusCode, 200)
})

t.test('an access token has one spelling', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { accessToken } = await login(kunci)
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const last = alphabet.indexOf(accessToken.at(-1) ?? '')
  // 64 bytes leave four bits of the last letter unused.
  const respelt = accessToken.slice(0, -1) + alphabet[last ^ 1]
  t.equal((await profile(kunci, respelt)).statusCode, 401)
  t.equal((await kunci.app.inject({ url: '/auth/profile', headers: bearer(accessToken) })).statusCode, 200)
})

t.test('a generated secret that is not whole or not private stops the start', async t => {
  const dataDir = await createFolder(t)
  const path = join(dataDir, 'auth-secret')
  for (const content of ['', 'short', 'g'.repeat(64)]) {
    await writeFile(path, content, { mode: 0o600 })
    await t.rejects(generatedSecret(dataDir), { name: 'ConfigError', message: /holds no generated secret/ })
  }
  await writeFile(path, 'a'.repeat(64))
  await chmod(path, 0o644)
  await t.rejects(generatedSecret(dataDir), { name: 'ConfigError', message: /others may read/ })
  await chmod(path, 0o600)
  t.equal(await generatedSecret(dataDir), 'a'.repeat(64))
})

t.test('several that start at once generate one secret', async t => {
  const dataDir = join(await createFolder(t), 'data')
  const secrets = await Promise.all(Array.from({ length: 8 }, async () => await generatedSecret(dataDir)))
  t.equal(new Set(secrets).size, 1)
})

t.test('what is no HTTP gets an answer without internals, and a client that goes away is no fault of the database', async t => {
  const kunci = await build(t)
  await kunci.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = kunci.app.server.address() as AddressInfo
  const send = async (text: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1')
    socket.end(text)
    const chunks: Buffer[] = []
    for await (const chunk of socket) chunks.push(chunk as Buffer)
    return Buffer.concat(chunks).toString()
  }
  t.match(await send('GARBAGE\r\n\r\n'), /^HTTP\/1\.1 400 Bad Request\r\n[^]*\{"status":400,"message":"Malformed request"\}$/)
  t.match(await send(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`), /^HTTP\/1\.1 431 [^]*\{"status":431,"message":"Request header fields too large"\}$/)

  const socket = connect(port, '127.0.0.1')
  await once(socket, 'connect')
  const arrived = once(kunci.app.server, 'request')
  socket.write('POST /auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"email"')
  await arrived
  socket.destroy()
  while (!kunci.log.some(line => line.includes('"refused"'))) await new Promise(resolve => { setImmediate(resolve) })
  t.notMatch(kunci.log.join(''), '"level":50')
})
