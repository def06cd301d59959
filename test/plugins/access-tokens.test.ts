import { createHmac, createPrivateKey, createPublicKey, generateKeyPairSync, sign as signBytes } from 'node:crypto'
import t from 'tap'
import { keepSigningKeys } from '../../src/domain/signing-keys.js'
import { build, type Kunci, readMails } from '../helper.js'
import { login, profile, registerVerified } from '../outlet/client.js'

const REFUSED = { status: 401, message: 'Invalid or expired token' }

const encode = (part: unknown): string => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url')
const decode = (part = ''): Record<string, unknown> => JSON.parse(Buffer.from(part, 'base64url').toString())

async function signedIn (t: Parameters<typeof build>[0]) {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { accessToken, cookie } = await login(kunci)
  const [header, payload] = accessToken.split('.')
  const { privateKey, publicKey } = kunci.app.keys.current()
  /** A token signed with the server's own key, as nobody outside could make it. */
  const signed = (head: unknown, body: unknown): string => {
    const input = `${encode(head)}.${encode(body)}`
    return `${input}.${signBytes('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }
  return { kunci, accessToken, cookie, header: decode(header), payload: decode(payload), signed, publicKey }
}

async function refuses (t: Parameters<typeof build>[0], kunci: Kunci, tokens: Record<string, string>): Promise<void> {
  for (const [name, token] of Object.entries(tokens)) {
    const response = await profile(kunci, token)
    t.equal(response.statusCode, 401, name)
    t.same(response.json(), REFUSED, name)
  }
}

t.test('an access token is a JWT of its own type with exactly these claims', async t => {
  const { kunci, header, payload } = await signedIn(t)
  t.same(header, { alg: 'ES256', typ: 'at+jwt', kid: kunci.app.keys.current().kid })
  const [account] = await kunci.sql`select u.id, u.outlet_id, s.id session from users u join sessions s on s.user_id = u.id`
  const now = kunci.clock.now.getTime() / 1000
  t.same(payload, {
    iss: 'http://auth.test',
    aud: 'outlet',
    sub: account?.['id'],
    sid: account?.['session'],
    iat: now,
    exp: now + 900,
    jti: payload['jti'],
    ver: 0,
    rolesVer: 0,
    roles: ['user'],
    permissions: [],
    outlet: account?.['outlet_id']
  })
})

t.test('it expires by the clock of the application', async t => {
  const { kunci, accessToken } = await signedIn(t)
  kunci.clock.advance(899)
  t.equal((await profile(kunci, accessToken)).statusCode, 200)
  kunci.clock.advance(1)
  const expired = await profile(kunci, accessToken)
  t.equal(expired.statusCode, 401)
  t.same(expired.json(), REFUSED)
})

t.test('no signature but ours counts, whatever the header says', async t => {
  const { kunci, accessToken, header, payload, publicKey } = await signedIn(t)
  const input = (head: object): string => `${encode(head)}.${encode(payload)}`
  const hmac = (secret: string): string => {
    const text = input({ ...header, alg: 'HS256' })
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
  }
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const byStranger = (head: object): string => {
    const text = input(head)
    return `${text}.${signBytes('sha256', Buffer.from(text), { key: stranger.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
  }
  const jwk = stranger.publicKey.export({ format: 'jwk' })
  const [head = '', body = '', signature = ''] = accessToken.split('.')
  await refuses(t, kunci, {
    'HMAC with the public key': hmac(publicKey),
    'HMAC with the public key after a space': hmac(` ${publicKey}`),
    'HMAC with the public key after a NUL': hmac(`\0${publicKey}`),
    'HMAC with the public key after a zero-width space': hmac(`\u200b${publicKey}`),
    'HMAC with the public key as JWK': hmac(JSON.stringify(createPublicKey(publicKey).export({ format: 'jwk' }))),
    'HMAC with an empty secret': hmac(''),
    none: `${input({ ...header, alg: 'none' })}.`,
    'none in capitals': `${input({ ...header, alg: 'NONE' })}.`,
    'none with a signature': `${input({ ...header, alg: 'none' })}.${signature}`,
    'no algorithm': byStranger({ typ: 'at+jwt', kid: header['kid'] }),
    'an empty signature': `${head}.${body}.`,
    'no signature': `${head}.${body}`,
    'a cut signature': accessToken.slice(0, -2),
    'a padded signature': `${accessToken}==`,
    'four parts': `${accessToken}.x`,
    'another key': byStranger(header),
    'another key in the header': byStranger({ ...header, jwk }),
    'another key by URL': byStranger({ ...header, jku: 'http://127.0.0.1:9/jwks.json', x5u: 'http://127.0.0.1:9/' }),
    'an unknown kid': byStranger({ ...header, kid: 'unknown' }),
    'the kid __proto__': byStranger({ ...header, kid: '__proto__' }),
    'a kid that is a path': byStranger({ ...header, kid: '../../../dev/null' }),
    'a kid that is a list': byStranger({ ...header, kid: [header['kid']] }),
    'no kid': byStranger({ alg: 'ES256', typ: 'at+jwt' })
  })
})

t.test('claims of another type or meaning are refused even with our signature', async t => {
  const { kunci, header, payload, signed } = await signedIn(t)
  const { exp: _exp, ...withoutExp } = payload
  const { sid: _sid, ...withoutSession } = payload
  await refuses(t, kunci, {
    'a list as payload': signed(header, [payload]),
    'a string as payload': signed(header, '"text"'),
    'no JSON as payload': signed(header, 'not json'),
    'no expiry': signed(header, withoutExp),
    'an expiry in text': signed(header, { ...payload, exp: String(payload['exp']) }),
    'an expiry of null': signed(header, { ...payload, exp: null }),
    'another audience': signed(header, { ...payload, aud: 'donation' }),
    'a list of audiences': signed(header, { ...payload, aud: ['outlet', 'donation'] }),
    'another issuer': signed(header, { ...payload, iss: 'http://auth.test.evil.example' }),
    'a list of issuers': signed(header, { ...payload, iss: ['http://auth.test'] }),
    'no session': signed(header, withoutSession),
    'another type': signed({ ...header, typ: 'JWT' }, payload),
    'no type': signed({ alg: 'ES256', kid: header['kid'] }, payload),
    'an unknown critical header': signed({ ...header, crit: ['b64'], b64: false }, payload)
  })
  t.equal((await profile(kunci, signed(header, payload))).statusCode, 200)
})

t.test('where a bearer token is asked for, no other token serves', async t => {
  const { kunci, cookie } = await signedIn(t)
  await kunci.app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email: 'siti@example.com' } })
  const mailed = (await readMails(kunci)).map(mail => mail.token)
  t.equal(mailed.length, 2)
  await refuses(t, kunci, { 'refresh token': cookie, 'verification token': mailed[0] ?? '', 'reset token': mailed[1] ?? '' })
})

t.test('a missing token and a malformed header are told apart', async t => {
  const { kunci, accessToken } = await signedIn(t)
  const ask = async (authorization?: string) => await kunci.app.inject({ url: '/auth/profile', headers: authorization === undefined ? {} : { authorization } })
  for (const none of [undefined, '', 'Basic c2l0aTpyYWhhc2lh', accessToken]) {
    const response = await ask(none)
    t.equal(response.statusCode, 401)
    t.same(response.json(), { status: 401, message: 'Access token required' })
  }
  for (const malformed of ['Bearer ', `Bearer ${accessToken} x`, `Bearer  ${accessToken}`, 'Bearer x']) {
    const response = await ask(malformed)
    t.equal(response.statusCode, 401, malformed)
    t.same(response.json(), REFUSED, malformed)
  }
  t.equal((await ask(`bearer ${accessToken}`)).statusCode, 200)
})

t.test('why a token was refused stands in the log, the token does not', async t => {
  const { kunci, accessToken, signed, header, payload } = await signedIn(t)
  await profile(kunci, signed(header, { ...payload, aud: 'donation' }))
  kunci.clock.advance(900)
  await profile(kunci, accessToken)
  const log = kunci.log.join('')
  t.match(log, '"reason":"foreign","detail":"audience donation"')
  t.match(log, '"reason":"expired"')
  for (const part of accessToken.split('.')) t.notMatch(log, part)
})

t.test('signing keys are the same for every instance and encrypted at rest', async t => {
  const one = await build(t)
  const other = await build(t, {}, one)
  t.equal(other.app.keys.current().kid, one.app.keys.current().kid)
  const stored = await one.sql<Array<{ encrypted_private_key: Buffer }>>`select encrypted_private_key from signing_keys`
  t.equal(stored.length, 1)
  const { d } = createPrivateKey(one.app.keys.current().privateKey).export({ format: 'jwk' })
  t.notOk(stored[0]?.encrypted_private_key.includes(Buffer.from(d ?? '', 'base64url')))
  t.notOk(stored[0]?.encrypted_private_key.includes('PRIVATE KEY'))
})

t.test('of many instances that start on an empty database one makes the key', async t => {
  const kunci = await build(t)
  await kunci.sql`delete from signing_keys`
  const secrets = ['a secret for tests alone and of more than 32 bytes'] as const
  const loaded = await Promise.all(Array.from({ length: 6 }, async () => await keepSigningKeys(kunci.app.db, secrets, { algorithm: 'ES256', maxAge: 3600, notice: 60 }, kunci.clock.now)))
  t.equal(new Set(loaded.map(([key]) => key?.kid)).size, 1)
})

t.test('a secret that opens no key stops the start; a list of secrets opens what either signed', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const { cookie, accessToken } = await login(kunci)
  await t.rejects(build(t, { AUTH_SECRET: 'quite another secret and of more than 32 bytes' }, kunci), { message: /AUTH_SECRET opens none of the stored signing keys/ })
  const rotated = await build(t, { AUTH_SECRET: 'quite another secret and of more than 32 bytes, a secret for tests alone and of more than 32 bytes' }, kunci)
  t.equal((await profile(rotated, accessToken)).statusCode, 200)
  const refreshed = await rotated.app.inject({ method: 'POST', url: '/auth/refresh', headers: { cookie: `refresh_token=${cookie}` } })
  t.equal(refreshed.statusCode, 200)
})

t.test('a token that was good is refused once its key is gone', async t => {
  const { kunci, accessToken } = await signedIn(t)
  t.equal((await profile(kunci, accessToken)).statusCode, 200)
  await kunci.sql`delete from signing_keys`
  await kunci.app.keys.reload()
  await refuses(t, kunci, { 'its key is gone': accessToken })
})
