import t from 'tap'
import { formatRevocation, parseRevocation, readRevocations } from '../../src/domain/revocation-feed.js'
import { build } from '../helper.js'
import { login, registerVerified } from '../outlet/client.js'

t.test('an entry is the same text whether it was announced, told or read', async t => {
  const kunci = await build(t)
  await registerVerified(kunci)
  const announced: string[] = []
  await kunci.sql.listen('kunci_revocations', payload => { announced.push(payload) })
  const { accessToken } = await login(kunci)
  await kunci.app.inject({ method: 'POST', url: '/auth/logout', headers: { authorization: `Bearer ${accessToken}` } })
  await kunci.sql`update user_roles set status = false`
  await kunci.sql`update roles set permissions = '{a}' where name = 'user'`
  await kunci.sql`update users set disabled_at = now()`
  await kunci.sql`delete from users`
  while (announced.length < 5) await kunci.sql`select 1`
  const texts = (await readRevocations(kunci.app.db, 0)).sort((a, b) => a.number - b.number).map(formatRevocation)
  t.equal(new Set(texts.map(text => JSON.parse(text).scope)).size, 4, 'of every scope')
  t.same(announced.map(again).sort(), [...texts].sort())
  t.same(texts.map(again), texts)
})

function again (text: string): string | undefined {
  const entry = parseRevocation(text)
  return entry === undefined ? undefined : formatRevocation(entry)
}
