import t from 'tap'
import type { AccessClaims } from '../../src/domain/access-claims.js'
import { createVerifiedTokens } from '../../src/domain/verified-tokens.js'

const claims = (sub: string): AccessClaims => ({ iss: 'http://auth.test', aud: 'outlet', sub, sid: sub, iat: 0, exp: 900, jti: sub, ver: 0, rolesVer: 0, roles: ['user'], permissions: ['audit.read'] })

t.test('a token is known again by its whole text, and by nothing less', async t => {
  const tokens = createVerifiedTokens(10)
  tokens.remember('Bearer one', { claims: claims('one'), keyId: 'a' })
  tokens.remember('Bearer other', { claims: claims('other'), keyId: 'b' })
  t.same(tokens.find('Bearer one'), { claims: claims('one'), keyId: 'a' })
  t.same(tokens.find('Bearer other'), { claims: claims('other'), keyId: 'b' })
  for (const text of ['Bearer on', 'Bearer one ', 'bearer one', 'one', '']) t.equal(tokens.find(text), undefined)
})

t.test('a text that ends like a token that was good is none, however long the end', async t => {
  const tokens = createVerifiedTokens(2)
  const end = '.claims.'.repeat(10)
  const forged = `Bearer forged${end}`
  tokens.remember(`Bearer one${end}`, { claims: claims('one'), keyId: 'a' })
  for (const use of ['latest', 'older']) {
    t.equal(tokens.find(forged), undefined, use)
    t.ok(tokens.find(`Bearer one${end}`), use)
    tokens.remember('Bearer other', { claims: claims('other'), keyId: 'b' })
  }
})

t.test('what it said cannot be changed by whoever is given it', async t => {
  const tokens = createVerifiedTokens(10)
  tokens.remember('token', { claims: claims('one'), keyId: 'a' })
  const known = tokens.find('token')
  t.throws(() => { Object.assign(known?.claims ?? {}, { sub: 'other' }) })
  t.throws(() => { known?.claims.roles.push('admin') })
  t.throws(() => { known?.claims.permissions.push('users.create') })
  t.same(tokens.find('token')?.claims, claims('one'))
})

t.test('a flood of tokens takes bounded memory, and what is in use stays known', async t => {
  const tokens = createVerifiedTokens(10)
  tokens.remember('in use', { claims: claims('in use'), keyId: 'a' })
  const flood = Array.from({ length: 1000 }, (_, at) => `token ${at}`)
  for (const text of flood) {
    tokens.remember(text, { claims: claims(text), keyId: 'a' })
    t.ok(tokens.find('in use'))
  }
  t.equal(flood.filter(text => tokens.find(text) !== undefined).length <= 10, true)
  t.equal(tokens.find('token 0'), undefined)
  t.ok(tokens.find('token 999'))
})
