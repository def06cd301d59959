import t from 'tap'
import type { AccessClaims } from '../../src/domain/access-claims.js'
import { createRevocationList, type Revocation } from '../../src/domain/revocation-list.js'

const NOW = new Date('2026-01-05T08:00:00.000Z')
const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)
const list = () => createRevocationList([{ name: 'outlet', accessLifetime: 900, refreshes: true }, { name: 'donation', accessLifetime: 604_800, refreshes: false }])
const entry = (fields: Partial<Revocation> & Pick<Revocation, 'scope'>): Revocation =>
  ({ number: 1, userId: null, sessionId: null, contract: null, role: null, version: null, revokedAt: null, endsAt: null, ...fields })
const claims = (fields: Partial<AccessClaims> = {}): AccessClaims =>
  ({ iss: 'http://auth.test', aud: 'outlet', sub: 'siti', sid: 'one', iat: 0, exp: 0, jti: 'x', ver: 3, rolesVer: 7, roles: ['user'], permissions: [], ...fields })

t.test('a session is held until two hours after its last access token has expired, and no longer', async t => {
  const revocations = list()
  revocations.add(entry({ scope: 'session', sessionId: 'one', contract: 'outlet', revokedAt: NOW, endsAt: after(86_400) }), NOW)
  revocations.add(entry({ scope: 'session', sessionId: 'two', contract: 'outlet', revokedAt: NOW, endsAt: after(60) }), NOW)
  revocations.add(entry({ scope: 'session', sessionId: 'three', contract: 'outlet', revokedAt: after(-8100), endsAt: after(60) }), NOW)
  revocations.add(entry({ scope: 'session', sessionId: 'four', contract: 'member', revokedAt: NOW, endsAt: after(60) }), NOW)
  t.equal(revocations.size(), 2, 'neither what has expired nor what belongs to a contract that is not served')
  t.equal(revocations.reasonFor(claims()), 'revoked')
  t.equal(revocations.reasonFor(claims({ sid: 'another' })), undefined)
  revocations.prune(after(7260))
  t.equal(revocations.size(), 1)
  revocations.prune(after(8099))
  t.equal(revocations.size(), 1)
  revocations.prune(after(8100))
  t.equal(revocations.size(), 0)
})

t.test('a clock that is set an hour ahead and back brings no token back to life', async t => {
  const revocations = list()
  revocations.add(entry({ scope: 'session', sessionId: 'one', contract: 'outlet', revokedAt: NOW, endsAt: after(86_400) }), NOW)
  revocations.add(entry({ scope: 'session', sessionId: 'two', contract: 'outlet', revokedAt: NOW, endsAt: after(60) }), NOW)
  revocations.add(entry({ scope: 'account', userId: 'budi', version: 4 }), NOW)
  revocations.prune(after(3600))
  t.equal(revocations.reasonFor(claims()), 'revoked')
  t.equal(revocations.reasonFor(claims({ sid: 'two' })), 'revoked')
  t.equal(revocations.reasonFor(claims({ sub: 'budi', sid: 'three' })), 'account changed')
})

t.test('a hundred thousand sessions that ended leave nothing behind', async t => {
  const revocations = list()
  for (let at = 0; at < 100_000; at++) revocations.add(entry({ scope: 'session', sessionId: String(at), contract: 'outlet', revokedAt: NOW, endsAt: after(86_400) }), NOW)
  t.equal(revocations.size(), 100_000)
  revocations.prune(after(8100))
  t.equal(revocations.size(), 0)
})

t.test('an account refuses what is older than its version, in every contract', async t => {
  const revocations = list()
  revocations.add(entry({ scope: 'account', userId: 'siti', version: 4 }), NOW)
  revocations.add(entry({ scope: 'account', userId: 'siti', version: 2 }), NOW)
  t.equal(revocations.reasonFor(claims()), 'account changed')
  t.equal(revocations.reasonFor(claims({ aud: 'donation' })), 'account changed')
  t.equal(revocations.reasonFor(claims({ ver: 4 })), undefined)
  t.equal(revocations.reasonFor(claims({ sub: 'budi' })), undefined)
  revocations.prune(after(612_000))
  t.equal(revocations.size(), 0)
})

t.test('a change of roles refuses older tokens only where they can be refreshed', async t => {
  const revocations = list()
  revocations.add(entry({ scope: 'grants', userId: 'siti', version: 4 }), NOW)
  t.equal(revocations.reasonFor(claims()), 'roles changed')
  t.equal(revocations.reasonFor(claims({ ver: 4 })), undefined)
  t.equal(revocations.reasonFor(claims({ aud: 'donation' })), undefined)
  t.ok(revocations.hasOtherRoles(claims({ aud: 'donation' })))
})

t.test('a role that changed refuses the tokens that name it and knew it as it was', async t => {
  const revocations = list()
  revocations.add(entry({ scope: 'role', role: 'user', version: 8 }), NOW)
  t.equal(revocations.reasonFor(claims()), 'roles changed')
  t.equal(revocations.reasonFor(claims({ rolesVer: 8 })), undefined)
  t.equal(revocations.reasonFor(claims({ roles: ['volunteer'] })), undefined)
})

t.test('an entry that says less than is known shortens nothing', async t => {
  const revocations = list()
  const ended = entry({ scope: 'session', sessionId: 'one', contract: 'outlet', revokedAt: NOW, endsAt: after(86_400) })
  revocations.add(ended, NOW)
  revocations.add({ ...ended, endsAt: after(1) }, NOW)
  revocations.add({ ...ended, revokedAt: after(-899) }, NOW)
  revocations.prune(after(899))
  t.equal(revocations.reasonFor(claims()), 'revoked')
})
