import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { bearer } from '../helper.js'
import { registerVerified } from '../outlet/client.js'
import { failed } from '../contracts/failures.js'
import { administered, makeRole, personWith, state } from './client.js'

/** How long a request may take to reach the place where it waits, in milliseconds. */
const PATIENCE = 10_000

/** An act of administration that is let go on only after something else has happened. */
async function overtaken (t: Test, meanwhile: (about: { kunci: Kunci, actor: Person }) => Promise<unknown>) {
  const { kunci } = await administered(t)
  const actor = await personWith(kunci, 'clerk', await makeRole(kunci, 'clerk', ['users.update']))
  await registerVerified(kunci)
  const [siti] = await kunci.sql<Array<{ id: string }>>`select id from users where username = 'siti'`
  const path = `/users/${siti?.id ?? ''}/disable`
  // Acts of administration follow one another: this one waits for its turn.
  const { asked } = await kunci.sql.begin(async holding => {
    await holding`select pg_advisory_xact_lock(2, 0)`
    const asked = actor.ask('POST', path)
    await waiting(kunci)
    await meanwhile({ kunci, actor })
    return { asked }
  })
  const before = await state(kunci)
  return { answer: failed(await asked), before, after: await state(kunci) }
}

type Administered = Awaited<ReturnType<typeof administered>>
type Kunci = Administered['kunci']
type Person = Administered['root']

async function waiting ({ sql }: Kunci): Promise<void> {
  for (const end = performance.now() + PATIENCE; performance.now() < end; await delay(5)) {
    const [found] = await sql`select 1 from pg_locks where locktype = 'advisory' and not granted and database = (select oid from pg_database where datname = current_database())`
    if (found !== undefined) return
  }
  throw new Error('nobody waits')
}

t.test('no act outlives the session that asked for it', async t => {
  const { answer, before, after } = await overtaken(t, async ({ kunci, actor }) => {
    t.equal((await kunci.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(actor.accessToken) })).statusCode, 200)
  })
  t.strictSame(answer, { status: 401, body: { status: 401, message: 'Invalid or expired token' } })
  t.strictSame(after.users, before.users)
})

t.test('nor the account that asked for it, nor the permission', async t => {
  const changes = [
    ["update users set disabled_at = now() where username = 'clerk'", 401, 'Invalid or expired token'],
    ["delete from users where username = 'clerk'", 401, 'Invalid or expired token'],
    ["update user_roles set status = false where user_id = (select id from users where username = 'clerk')", 403, 'Forbidden'],
    ["update roles set permissions = '{users.read}' where name = 'clerk'", 403, 'Forbidden']
  ] as const
  for (const [change, status, message] of changes) {
    const { answer, before, after } = await overtaken(t, async ({ kunci }) => await kunci.sql.unsafe(change))
    t.strictSame(answer, { status, body: { status, message } }, change)
    t.strictSame(after.users, before.users)
    t.strictSame(after.events, before.events)
  }
})

t.test('whoever signs out while an act is done is told so when it is done', async t => {
  const { kunci, root } = await administered(t)
  await registerVerified(kunci)
  const [siti] = await kunci.sql<Array<{ id: string }>>`select id from users where username = 'siti'`
  const { disabled, signedOut } = await kunci.sql.begin(async holding => {
    // What the act writes last.
    await holding`lock table audit_events in access exclusive mode`
    const disabled = root.ask('POST', `/users/${siti?.id ?? ''}/disable`)
    await blocked(kunci, 1)
    const signedOut = kunci.app.inject({ method: 'POST', url: '/auth/logout', headers: bearer(root.accessToken) })
    await blocked(kunci, 2)
    return { disabled, signedOut }
  })
  t.equal((await disabled).statusCode, 200)
  t.equal((await signedOut).statusCode, 200)
  const order = await kunci.sql`select type from audit_events where type in ('account.disabled', 'session.revoked') order by number`
  t.same(order, [{ type: 'account.disabled' }, { type: 'session.revoked' }])
})

async function blocked ({ sql }: Kunci, count: number): Promise<void> {
  for (const end = performance.now() + PATIENCE; performance.now() < end; await delay(5)) {
    const [found] = await sql<Array<{ count: number }>>`select count(distinct pid)::int from pg_locks where not granted and database = (select oid from pg_database where datname = current_database())
      or not granted and locktype in ('transactionid', 'tuple') and pid in (select pid from pg_stat_activity where datname = current_database())`
    if ((found?.count ?? 0) >= count) return
  }
  throw new Error('nobody waits')
}
