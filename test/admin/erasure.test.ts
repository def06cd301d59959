import t from 'tap'
import { removeOutdated } from '../../src/domain/retention.js'
import { mailedToken } from '../helper.js'
import { login, PASSWORD } from '../outlet/client.js'
import { written } from '../plugins/refusals.js'
import { administered, roleNamed } from './client.js'

const { kunci, root } = await administered(t)
const { app, sql } = kunci

/** @returns the tables in which a text stands somewhere */
async function whereIs (text: string): Promise<string[]> {
  const tables = await sql<Array<{ name: string }>>`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`
  const found = await Promise.all(tables.map(async ({ name }) => (await sql`select 1 from ${sql(name)} as whole where whole::text ilike ${`%${text}%`} limit 1`).length > 0 ? [name] : []))
  return found.flat().sort()
}

t.test('of an account that is deleted nothing is kept but that something happened to it', async t => {
  const role = await roleNamed(kunci, 'user')
  await root.ask('POST', '/invitations', { email: 'rina@example.com', role_id: role })
  await root.ask('POST', '/invitations', { email: 'rina@example.com', role_id: role })
  const token = await mailedToken(kunci, 'rina@example.com')
  await app.inject({ method: 'POST', url: '/auth/register/invitation', payload: { token, username: 'rina.lestari', password: PASSWORD, confirmPassword: PASSWORD, name: 'Rina Lestari' } })
  const { accessToken } = await login(kunci, 'rina@example.com', PASSWORD, { remoteAddress: '203.0.113.77', headers: { 'user-agent': 'telltale' } })
  await app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email: 'rina@example.com' } })
  await mailedToken(kunci, 'rina@example.com')
  const [account] = await sql<Array<{ id: string }>>`select id from users where email = 'rina@example.com'`
  const id = account?.id ?? ''
  for (const text of ['rina@example.com', 'rina.lestari', 'Rina Lestari', '203.0.113.77', 'telltale']) t.not((await whereIs(text)).length, 0, text)

  t.equal((await root.ask('DELETE', `/users/${id}`)).statusCode, 200)
  for (const text of ['rina@example.com', 'rina.lestari', 'Rina Lestari', '203.0.113.77', 'telltale']) t.strictSame(await whereIs(text), [], text)
  t.strictSame(await whereIs(id), ['audit_events', 'revocations'])
  const [invited] = await sql`select details from audit_events where type = 'account.invited' and user_id = ${id}`
  t.same(invited?.['details'], { role: 'user', outletId: null })

  t.equal((await app.inject({ url: '/auth/profile', remoteAddress: '203.0.113.77', headers: { authorization: `Bearer ${accessToken}`, 'user-agent': 'telltale' } })).statusCode, 401)
  await written(kunci, 1)
  t.same([...await sql`select reason, token_kind, ip, user_agent from audit_events where user_id = ${id} and type = 'token.refused'`],
    [{ reason: 'revoked', token_kind: 'access', ip: null, user_agent: null }], 'what its tokens do later brings no address back')
})

t.test('the address is free for whoever comes next, and nothing of before is theirs', async t => {
  const role = await roleNamed(kunci, 'volunteer')
  const made = (await root.ask('POST', '/users', { email: 'rina@example.com', username: 'rina.lestari', role_id: role })).json().data
  t.strictSame((await root.ask('GET', `/sessions?user_id=${made.id}`)).json().data, [])
  t.strictSame((await root.ask('GET', `/events?user_id=${made.id}`)).json().data.map((event: { type: string }) => event.type), ['account.created'])
})

t.test('an invitation that is over is kept for 30 days', async t => {
  const { kunci, root } = await administered(t)
  await root.ask('POST', '/invitations', { email: 'guest@example.com', role_id: await roleNamed(kunci, 'user') })
  kunci.clock.advance(37 * 24 * 3600)
  t.equal((await removeOutdated(kunci.app.db, 604_800, kunci.clock.now)).invitations, 0)
  kunci.clock.advance(1)
  t.equal((await removeOutdated(kunci.app.db, 604_800, kunci.clock.now)).invitations, 1)
})
