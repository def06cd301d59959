import t from 'tap'
import { failed } from '../contracts/failures.js'
import { build } from '../helper.js'
import { administered, askAs, makeRole, personWith, roleNamed, signedIn, state } from './client.js'

const { kunci, root } = await administered(t)
const { sql } = kunci
const user = await roleNamed(kunci, 'user')
const admin = await roleNamed(kunci, 'admin')
const LAST = { status: 409, body: { status: 409, message: 'The last administrator must stay' } }

/** Every way in which an administrator ceases to be one. */
const ends = {
  disabled: async ({ ask }: { ask: typeof root.ask }, id: string) => await ask('POST', `/users/${id}/disable`),
  demoted: async ({ ask }: { ask: typeof root.ask }, id: string) => await ask('PUT', `/users/${id}/roles`, { roles: [{ role_id: user }] }),
  'switched off': async ({ ask }: { ask: typeof root.ask }, id: string) => await ask('PUT', `/users/${id}/roles`, { roles: [{ role_id: user, primary: true }, { role_id: admin, status: false }] }),
  deleted: async ({ ask }: { ask: typeof root.ask }, id: string) => await ask('DELETE', `/users/${id}`)
}

async function administratorsLeft (): Promise<number> {
  const [left] = await sql<Array<{ count: number }>>`select count(distinct users.id)::int from users join user_roles held on held.user_id = users.id join roles on roles.id = held.role_id
    where roles.is_admin and held.status and users.disabled_at is null`
  return left?.count ?? 0
}

t.test('the last administrator is neither deleted, disabled nor demoted, by nobody', async t => {
  const everything = (await root.ask('GET', '/roles')).json().data[0].permissions
  const deputy = await personWith(kunci, 'deputy', await makeRole(kunci, 'deputy', everything))
  const disabled = await personWith(kunci, 'disabled', admin)
  await root.ask('POST', `/users/${disabled.id}/disable`)
  const switchedOff = await personWith(kunci, 'off', user)
  await root.ask('PUT', `/users/${switchedOff.id}/roles`, { roles: [{ role_id: user, primary: true }, { role_id: admin, status: false }] })
  const before = await state(kunci)
  for (const [how, end] of Object.entries(ends)) {
    t.strictSame(failed(await end(root, root.id)), LAST, how)
    t.equal((await end(deputy, root.id)).statusCode, 403, how)
  }
  t.strictSame(await state(kunci), before)
})

t.test('an administrator may go while another stays, also by their own hand', async t => {
  for (const [how, end] of Object.entries(ends)) {
    const other = await personWith(kunci, `going.${how.replace(' ', '.')}`, admin)
    t.equal((await end(other, other.id)).statusCode, 200, `${how} by themselves`)
    const another = await personWith(kunci, `sent.${how.replace(' ', '.')}`, admin)
    t.equal((await end(root, another.id)).statusCode, 200, `${how} by another`)
  }
  t.equal(await administratorsLeft(), 1)
})

t.test('who is an administrator by a role that is not the primary one counts as well', async t => {
  const role = await makeRole(kunci, 'second administrators', [], { isAdmin: true })
  const other = await personWith(kunci, 'second', user)
  await root.ask('PUT', `/users/${other.id}/roles`, { roles: [{ role_id: user, primary: true }, { role_id: role }] })
  const again = await signedIn(kunci, other.email)
  t.equal((await ends.demoted(again, root.id)).statusCode, 200)
  t.strictSame(failed(await ends.demoted(again, again.id)), LAST)
  await again.ask('PUT', `/users/${root.id}/roles`, { roles: [{ role_id: admin }] })
  t.equal((await ends.deleted(await signedIn(kunci, root.email, 'SecurePassword123!'), again.id)).statusCode, 200)
})

t.test('of two administrators who end each other at once, on two instances, one stays', async t => {
  const { kunci: one } = await administered(t)
  const other = await build(t, {}, one)
  const adminRole = await roleNamed(one, 'admin')
  const plainRole = await roleNamed(one, 'user')
  await one.sql`update user_roles set role_id = ${plainRole}`
  let first = await personWith(one, 'first', adminRole)
  let second = await personWith(one, 'second', adminRole)
  const left = async () => await one.sql<Array<{ username: string }>>`select username from users join user_roles on user_id = users.id where role_id = ${adminRole} and status and disabled_at is null`
  const ways = [
    ['POST', (id: string) => `/users/${id}/disable`, undefined],
    ['PUT', (id: string) => `/users/${id}/roles`, { roles: [{ role_id: plainRole }] }],
    ['DELETE', (id: string) => `/users/${id}`, undefined]
  ] as const
  for (let round = 0; round < 20; round++) {
    const [method, path, payload] = ways[round % ways.length] ?? ways[0]
    const asFirst = askAs(one, (await signedIn(one, first.email)).accessToken)
    const asSecond = askAs(other, (await signedIn(other, second.email)).accessToken)
    const answers = await Promise.all([asFirst(method, path(second.id), payload), asSecond(method, path(first.id), payload)])
    const statuses = answers.map(answer => answer.statusCode).sort((one, other) => one - other)
    // Who comes too late is disabled or no administrator any more.
    t.equal(statuses[0], 200, `round ${round}`)
    t.ok([401, 403].includes(statuses[1] ?? 0), `round ${round}: ${statuses.join(' ')}`)
    const [stayed, ...others] = await left()
    t.ok(stayed !== undefined && others.length === 0, `round ${round}`)
    if (method === 'DELETE' && stayed?.username === 'first') second = await personWith(one, 'second', adminRole)
    if (method === 'DELETE' && stayed?.username === 'second') first = await personWith(one, 'first', adminRole)
    await one.sql`update users set disabled_at = null where username in ('first', 'second')`
    await one.sql`update user_roles set role_id = ${adminRole} where user_id in (${first.id}, ${second.id})`
  }
})

t.test('of two administrators who leave by their own hand at once, on two instances, one stays', async t => {
  const { kunci: one, root } = await administered(t)
  const other = await build(t, {}, one)
  const second = await personWith(one, 'second', await roleNamed(one, 'admin'))
  const plainRole = await roleNamed(one, 'user')
  for (let round = 0; round < 20; round++) {
    const asRoot = askAs(one, (await signedIn(one, root.email, 'SecurePassword123!')).accessToken)
    const asSecond = askAs(other, (await signedIn(other, second.email)).accessToken)
    const leave = async (ask: typeof asRoot, id: string) => round % 2 === 0 ? await ask('POST', `/users/${id}/disable`) : await ask('PUT', `/users/${id}/roles`, { roles: [{ role_id: plainRole }] })
    const answers = await Promise.all([leave(asRoot, root.id), leave(asSecond, second.id)])
    t.strictSame(answers.map(answer => answer.statusCode).sort(), [200, 409], `round ${round}`)
    for (const answer of answers) if (answer.statusCode === 409) t.strictSame(failed(answer), LAST)
    await one.sql`update users set disabled_at = null`
    await one.sql`update user_roles set role_id = (select id from roles where is_admin)`
  }
})

t.test('of two requests of one administrator that end both at once, on two instances, one is refused', async t => {
  const { kunci: one, root } = await administered(t)
  const other = await build(t, {}, one)
  const adminRole = await roleNamed(one, 'admin')
  const second = await personWith(one, 'second', adminRole)
  for (let round = 0; round < 20; round++) {
    const { accessToken } = await signedIn(one, root.email, 'SecurePassword123!')
    const answers = await Promise.all([
      askAs(one, accessToken)('POST', `/users/${second.id}/disable`),
      askAs(other, accessToken)('POST', `/users/${root.id}/disable`)
    ])
    const statuses = answers.map(answer => answer.statusCode)
    // Either the other is gone first and the last one stays, or whoever asks is.
    t.ok(['200,409', '401,200'].includes(String(statuses)), `round ${round}: ${String(statuses)}`)
    const left = await one.sql`select id from users where disabled_at is null`
    t.equal(left.length, 1, `round ${round}`)
    await one.sql`update users set disabled_at = null`
  }
})
