import t from 'tap'
import { holdToken } from '../../src/client/access-token.js'

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
const token = (lifetime: number, more = {}) => `${encode({ alg: 'ES256' })}.${encode({ sub: 'an account', sid: 'a session', iat: 1_767_600_000, exp: 1_767_600_000 + lifetime, ...more })}.signature`

t.test('a token is good for its own lifetime from when it was asked for, whatever the browser takes the time to be', async t => {
  for (const askedAt of [0, Date.UTC(1999, 0), Date.UTC(2099, 0)]) {
    const { renewAt, ...held } = holdToken({ token: token(900), askedAt })
    t.same(held, { token: token(900), askedAt, accountId: 'an account', sessionId: 'a session', until: askedAt + 899_000 })
    t.ok(renewAt >= askedAt + 839_000 && renewAt <= askedAt + 869_000, 'it is renewed in its last minute')
  }
})

t.test('a short token is renewed in its last quarter', async t => {
  const { renewAt } = holdToken({ token: token(5), askedAt: 0 })
  t.ok(renewAt >= 2750 && renewAt <= 3375, String(renewAt))
})

t.test('the last moments of a session are no hurry', async t => {
  for (const lifetime of [2, 1, 0]) t.equal(holdToken({ token: token(lifetime), askedAt: 0 }).renewAt, 1000)
})

t.test('roles and names of any language stand in the way of nothing', async t => {
  t.equal(holdToken({ token: token(900, { roles: ['管理者', 'ÿ¿÷>?'] }), askedAt: 0 }).accountId, 'an account')
})

t.test('what is no token is refused', async t => {
  for (const text of ['', 'x', 'a.b.c']) t.throws(() => holdToken({ token: text, askedAt: 0 }))
})
