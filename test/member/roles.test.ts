import { randomUUID } from 'node:crypto'
import t from 'tap'
import { build } from '../helper.js'
import { PASSWORD, post, refresh, signUp, tokensOf } from './client.js'

const kunci = await build(t, { CONTRACTS: '' })
const { clock, sql } = kunci

const since = clock.now
const later = new Date(since.getTime() + 24 * 3600 * 1000)

/** Makes a role that an organisation has of its own. */
async function makeRole (name: string, permissions: string[] = []): Promise<string> {
  const [role] = await sql<Array<{ id: string }>>`
    insert into roles (id, name, permissions, is_admin, self_assignable, is_default, created_at, updated_at)
    values (${randomUUID()}, ${name}, ${permissions}, false, false, false, ${since}, ${since}) returning id`
  return role?.id ?? ''
}

async function grantRole (username: string, roleId: string, status = true): Promise<void> {
  await sql`insert into user_roles (user_id, role_id, status, is_primary, created_at, updated_at)
    select id, ${roleId}, ${status}, false, ${later}, ${later} from users where username = ${username}`
}

/** Makes another of the roles that an account holds its primary one. */
async function makePrimary (username: string, roleId: string): Promise<void> {
  const [account] = await sql<Array<{ id: string }>>`select id from users where username = ${username}`
  const id = account?.id ?? ''
  await sql`update user_roles set is_primary = false where user_id = ${id}`
  await sql`update user_roles set is_primary = true where user_id = ${id} and role_id = ${roleId}`
}

interface Grant { id: string, name: string, status: boolean, created_at: string, updated_at: string }

async function signIn (username: string): Promise<{ roles: Grant[], claims: { roles: string[], permissions: string[] }, refreshToken: string }> {
  const response = await post(kunci, 'login', { username, password: PASSWORD })
  const { accessToken, refreshToken } = tokensOf(response)
  return { roles: response.json().data.role_user, claims: claimsOf(accessToken), refreshToken }
}

function claimsOf (accessToken: string): { roles: string[], permissions: string[] } {
  const { roles, permissions } = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString())
  return { roles, permissions }
}

const leader = await makeRole('VICELEADER', ['members.read'])
const member = await makeRole('MEMBER', ['events.read'])
const [user] = await sql<Array<{ id: string }>>`select id from roles where name = 'user'`
const shown = (id: string, name: string, status: boolean, at: Date): Grant => ({ id, name, status, created_at: at.toISOString(), updated_at: at.toISOString() })
const USER = shown(user?.id ?? '', 'user', true, since)

t.test('all roles of an account are shown, the primary one first and the others by their number', async t => {
  await signUp(kunci, 'several')
  await grantRole('several', member)
  await grantRole('several', leader)
  t.same((await signIn('several')).roles, [USER, shown(leader, 'VICELEADER', true, later), shown(member, 'MEMBER', true, later)])
  await makePrimary('several', member)
  t.same((await signIn('several')).roles, [shown(member, 'MEMBER', true, later), USER, shown(leader, 'VICELEADER', true, later)])
})

t.test('a role whose grant is not active is shown as such and gives nothing', async t => {
  await signUp(kunci, 'inactive')
  await grantRole('inactive', leader, false)
  await grantRole('inactive', member)
  const { roles, claims, refreshToken } = await signIn('inactive')
  t.same(roles, [USER, shown(leader, 'VICELEADER', false, later), shown(member, 'MEMBER', true, later)])
  t.same(claims, { roles: ['user', 'MEMBER'], permissions: ['events.read'] })

  await sql`update user_roles set status = not status from users where users.id = user_id and username = 'inactive' and role_id <> ${user?.id ?? ''}`
  const refreshed = await refresh(kunci, refreshToken)
  t.same(claimsOf(tokensOf(refreshed).accessToken), { roles: ['user', 'VICELEADER'], permissions: ['members.read'] }, 'the next access token tells what holds then')
})

t.test('an inactive primary role still stands first', async t => {
  await signUp(kunci, 'suspended')
  await grantRole('suspended', member, false)
  await makePrimary('suspended', member)
  const { roles, claims } = await signIn('suspended')
  t.same(roles, [shown(member, 'MEMBER', false, later), USER])
  t.same(claims, { roles: ['user'], permissions: [] })
})

t.test('an account without any role has an empty list', async t => {
  await signUp(kunci, 'roleless')
  await sql`delete from user_roles using users where users.id = user_id and username = 'roleless'`
  const { roles, claims } = await signIn('roleless')
  t.same(roles, [])
  t.same(claims, { roles: [], permissions: [] })
})

t.test('the roles of one account are not those of another', async t => {
  await signUp(kunci, 'plain')
  t.same((await signIn('plain')).roles, [USER])
})
