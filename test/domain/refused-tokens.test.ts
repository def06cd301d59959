import { randomUUID } from 'node:crypto'
import t from 'tap'
import { type RefusedToken, writeRefusedTokens } from '../../src/domain/refused-tokens.js'
import { build } from '../helper.js'

t.test('instances that write the same events at once, in any order, never wait for each other in a circle', async t => {
  const one = await build(t)
  const other = await build(t, {}, one)
  for (let round = 0; round < 20; round++) {
    const refused = Array.from({ length: 100 }, (): RefusedToken => ({
      id: randomUUID(), contract: 'outlet', userId: randomUUID(), sessionId: randomUUID(), reason: 'foreign', tokenKind: 'access', ip: null, userAgent: null, createdAt: one.clock.now
    }))
    const ids = new Set(refused.map(({ id }) => id))
    const written = await Promise.all([one, one, other, other].map(async ({ app }, index) => await writeRefusedTokens(app.db, index % 2 === 0 ? refused : refused.toReversed())))
    for (const recorded of written) t.same(recorded, ids)
  }
  t.equal((await one.sql`select from audit_events`).length, 2000)
})
