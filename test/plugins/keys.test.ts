import t from 'tap'
import { build, type Kunci } from '../helper.js'
import { login, profile, refresh, registerVerified } from '../outlet/client.js'
import { type Jwk, kidOf, verifiesWith } from '../published-keys.js'

async function publishedKeys (kunci: Kunci): Promise<Jwk[]> {
  return (await kunci.app.inject('/.well-known/jwks.json')).json().keys
}

t.test('the published keys verify the tokens, and may be kept for five minutes', async t => {
  for (const [algorithm, form] of Object.entries({ ES256: { kty: 'EC', crv: 'P-256' }, RS256: { kty: 'RSA', e: 'AQAB' }, EdDSA: { kty: 'OKP', crv: 'Ed25519' } })) {
    const kunci = await build(t, { JWT_ALGORITHM: algorithm })
    await registerVerified(kunci)
    const { accessToken } = await login(kunci)
    const response = await kunci.app.inject('/.well-known/jwks.json')
    t.equal(response.headers['cache-control'], 'public, max-age=300')
    const keys: Jwk[] = response.json().keys
    t.equal(keys.length, 1)
    t.match(keys[0], { ...form, alg: algorithm, use: 'sig', kid: kidOf(accessToken) })
    t.notOk(keys[0]?.['d'], 'the private part is not published')
    t.ok(verifiesWith(keys, accessToken), algorithm)
    t.equal((await profile(kunci, accessToken)).statusCode, 200)
    const configuration = await kunci.app.inject('/.well-known/openid-configuration')
    t.same(configuration.json(), {
      issuer: 'http://auth.test',
      jwks_uri: 'http://auth.test/.well-known/jwks.json',
      response_types_supported: [],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [algorithm]
    })
  }
})

t.test('the next key is published before it signs, and the old one stays until its last token has expired', async t => {
  const kunci = await build(t, { KEY_MAX_AGE: '86400' })
  await registerVerified(kunci)
  const { accessToken: first, cookie } = await login(kunci)
  kunci.clock.advance(86_400)
  await kunci.app.keys.reload()
  const published = await publishedKeys(kunci)
  t.equal(published.length, 2)
  const [old, next] = published.map(key => key.kid)
  t.equal(old, kidOf(first))

  const early = (await refresh(kunci, cookie)).json().access_token
  t.equal(kidOf(early), old, 'it does not sign while others may not know it')
  kunci.clock.advance(660)
  const { accessToken: later } = await login(kunci)
  t.equal(kidOf(later), next)
  t.equal((await profile(kunci, early)).statusCode, 200, 'what the old one signed is still good')
  t.ok(verifiesWith(published, later), 'a gateway that fetched the keys before knows it')

  // No access token of any contract outlives donation's week; two hours are for clocks that differ.
  kunci.clock.advance(7 * 86_400 + 7199)
  await kunci.app.keys.reload()
  t.ok((await publishedKeys(kunci)).some(key => key.kid === old))
  kunci.clock.advance(1)
  await kunci.app.keys.reload()
  t.notOk((await publishedKeys(kunci)).some(key => key.kid === old))
})

t.test('of many instances that find a key too old one makes the next', async t => {
  const one = await build(t, { KEY_MAX_AGE: '3600' })
  const other = await build(t, { KEY_MAX_AGE: '3600' }, one)
  one.clock.advance(3600)
  await Promise.all(Array.from({ length: 4 }, async (_, at) => { await (at % 2 === 0 ? one : other).app.keys.reload() }))
  await one.app.keys.reload()
  t.equal((await one.sql`select kid from signing_keys`).length, 2)
  t.same(await publishedKeys(one), await publishedKeys(other))
})

t.test('another algorithm is taken up without a token being refused', async t => {
  const before = await build(t)
  await registerVerified(before)
  const { accessToken } = await login(before)
  const after = await build(t, { JWT_ALGORITHM: 'EdDSA' }, before)
  t.equal((await profile(after, accessToken)).statusCode, 200)
  before.clock.advance(660)
  await before.app.keys.reload()
  const { accessToken: later } = await login(after)
  t.equal(JSON.parse(Buffer.from(later.split('.')[0] ?? '', 'base64url').toString()).alg, 'EdDSA')
  t.equal((await profile(before, later)).statusCode, 200, 'an instance that was not restarted takes it too')
})
