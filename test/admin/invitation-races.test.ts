import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { failed } from '../contracts/failures.js'
import { build, type Kunci, mailedToken } from '../helper.js'
import { choices, PASSWORD, register } from '../outlet/client.js'
import { administered } from './client.js'

const { kunci: one, root } = await administered(t)
const other = await build(t, {}, one)
const { user } = await choices(one)
const TAKEN = { status: 409, body: { status: 409, message: 'User with this email already exists' } }

async function tokenFor (email: string): Promise<string> {
  one.clock.advance(1)
  await root.ask('POST', '/invitations', { email, role_id: user })
  // Whichever instance sends it.
  for (const end = performance.now() + 10_000; performance.now() < end; await delay(20)) {
    for (const instance of [one, other]) {
      const token = await mailedToken(instance, email)
      if (token !== '') return token
    }
  }
  throw new Error('no mail came')
}

async function accept ({ app }: Kunci, token: string, username: string) {
  return await app.inject({ method: 'POST', url: '/auth/register/invitation', payload: { token, username, password: PASSWORD, confirmPassword: PASSWORD } })
}

t.test('of many acceptances of one invitation at once, on two instances, one wins', async t => {
  for (let round = 0; round < 5; round++) {
    const email = `race${round}@example.com`
    const token = await tokenFor(email)
    const answers = await Promise.all([one, other, one, other].map(async (instance, at) => await accept(instance, token, `race${round}.${at}`)))
    t.strictSame(answers.map(answer => answer.statusCode).sort(), [200, 400, 400, 400])
    t.equal((await one.sql`select id from users where email = ${email}`).length, 1)
  }
})

t.test('of an acceptance and a registration at once, one gets the address', async t => {
  for (let round = 0; round < 5; round++) {
    const email = `both${round}@example.com`
    const token = await tokenFor(email)
    const [accepted, registered] = await Promise.all([accept(one, token, `accepted${round}`), register(other, { email, username: `registered${round}` })])
    t.strictSame([accepted.statusCode, registered.statusCode].sort(), [200, 409])
    t.equal((await one.sql`select id from users where email = ${email}`).length, 1)
  }
})

t.test('of an acceptance and a withdrawal at once, one is too late', async t => {
  for (let round = 0; round < 5; round++) {
    const email = `withdrawn${round}@example.com`
    const token = await tokenFor(email)
    const [{ id }] = (await root.ask('GET', '/invitations')).json().data
    const [accepted, withdrawn] = await Promise.all([accept(other, token, `withdrawn${round}`), root.ask('DELETE', `/invitations/${id}`)])
    t.ok(['200 404', '400 200'].includes(`${accepted.statusCode} ${withdrawn.statusCode}`), `${accepted.statusCode} ${withdrawn.statusCode}`)
    t.equal((await one.sql`select id from users where email = ${email}`).length, accepted.statusCode === 200 ? 1 : 0)
  }
})

t.test('of two invitations of one address at once, one is good', async t => {
  for (let round = 0; round < 5; round++) {
    const email = `invited${round}@example.com`
    const answers = await Promise.all([root.ask('POST', '/invitations', { email, role_id: user }), root.ask('POST', '/invitations', { email, role_id: user })])
    t.strictSame(answers.map(answer => answer.statusCode), [201, 201])
    t.equal((await one.sql`select id from invitations where email = ${email} and withdrawn_at is null`).length, 1)
  }
})

t.test('an address whose acceptance is under way is invited no more', async t => {
  await tokenFor('under.way@example.com')
  const { asked } = await one.sql.begin(async accepting => {
    // What accepting writes.
    await accepting`update invitations set used_at = now() where email = 'under.way@example.com'`
    await accepting`insert into users (id, email, created_at, updated_at) select account_id, email, now(), now() from invitations where email = 'under.way@example.com'`
    const asked = root.ask('POST', '/invitations', { email: 'under.way@example.com', role_id: user })
    await waiting(one)
    return { asked }
  })
  t.strictSame(failed(await asked), TAKEN)
  t.equal((await one.sql`select id from invitations where email = 'under.way@example.com' and used_at is null`).length, 0)
})

async function waiting ({ sql }: Kunci): Promise<void> {
  for (const end = performance.now() + 10_000; performance.now() < end; await delay(5)) {
    const [found] = await sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    if (found !== undefined) return
  }
  throw new Error('nobody waits')
}

t.test('an address that somebody may still take back is nobody else\'s by an older invitation', async t => {
  const token = await tokenFor('former@example.com')
  await register(one)
  await one.sql`insert into one_time_tokens (user_id, id, purpose, counter, email, created_at, expires_at)
    select id, gen_random_uuid(), 'restore-email:x', 1, 'former@example.com', ${one.clock.now}, ${new Date(one.clock.now.getTime() + 1000)} from users where username = 'siti'`
  t.strictSame(failed(await accept(one, token, 'former')), TAKEN)
  one.clock.advance(1)
  t.equal((await accept(one, token, 'former')).statusCode, 200)
})
