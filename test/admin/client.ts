import type { LightMyRequestResponse } from 'fastify'
import type { Test } from 'tap'
import { bearer, build, type Kunci } from '../helper.js'
import { login, register } from '../outlet/client.js'

/** What administrators ask of the server. */

const ADMIN = { ADMIN_EMAIL: 'admin@example.com', ADMIN_USERNAME: 'admin', ADMIN_PASSWORD: 'SecurePassword123!' }

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Somebody who is signed in at the outlet contract. */
export interface Person {
  id: string
  email: string
  accessToken: string
  cookie: string
  /** asks an endpoint of administration, by its path beneath /admin */
  ask: (method: Method, path: string, payload?: object) => Promise<LightMyRequestResponse>
}

export interface Administered {
  kunci: Kunci
  /** the first administrator */
  root: Person
}

/** An installation with its first administrator, signed in. */
export async function administered (t: Test, env: Record<string, string> = {}): Promise<Administered> {
  const kunci = await build(t, { ...ADMIN, ...env })
  return { kunci, root: await signedIn(kunci, ADMIN.ADMIN_EMAIL, ADMIN.ADMIN_PASSWORD) }
}

export async function signedIn (kunci: Kunci, email: string, password?: string): Promise<Person> {
  const [account] = await kunci.sql<Array<{ id: string }>>`select id from users where email = ${email}`
  const { accessToken, cookie } = await login(kunci, email, password)
  return { id: account?.id ?? '', email, accessToken, cookie, ask: askAs(kunci, accessToken) }
}

/** @returns what asks an instance with an access token */
export function askAs ({ app }: Kunci, accessToken: string): Person['ask'] {
  return async (method, path, payload) => await app.inject({ method, url: `/admin${path}`, headers: bearer(accessToken), ...payload === undefined ? {} : { payload } })
}

/** Makes a role, whatever it permits. */
export async function makeRole ({ sql }: Kunci, name: string, permissions: readonly string[], { isAdmin = false } = {}): Promise<string> {
  const [role] = await sql<Array<{ id: string }>>`
    insert into roles (id, name, permissions, is_admin, self_assignable, is_default, created_at, updated_at)
    values (gen_random_uuid(), ${name}, ${[...permissions]}, ${isAdmin}, false, false, now(), now()) returning id`
  return role?.id ?? ''
}

export async function roleNamed ({ sql }: Kunci, name: string): Promise<string> {
  const [role] = await sql<Array<{ id: string }>>`select id from roles where name = ${name}`
  return role?.id ?? ''
}

/** An account with a verified address that has one role, signed in. */
export async function personWith (kunci: Kunci, username: string, roleId: string): Promise<Person> {
  const email = `${username}@example.com`
  await register(kunci, { email, username })
  // Not by its mail, which another instance may be sending.
  await kunci.sql`update users set email_verified_at = created_at where email = ${email}`
  await kunci.sql`update user_roles set role_id = ${roleId} where user_id = (select id from users where email = ${email})`
  return await signedIn(kunci, email)
}

/** An account whose only role permits this and no more, signed in. */
export async function personWho (kunci: Kunci, username: string, ...permissions: string[]): Promise<Person> {
  return await personWith(kunci, username, await makeRole(kunci, `role of ${username}`, permissions))
}

/** Everything that an act of administration may write, but for the mails' progress. */
export async function state ({ sql }: Kunci) {
  return {
    users: await sql`select * from users order by id`,
    grants: await sql`select * from user_roles order by user_id, role_id`,
    roles: await sql`select * from roles order by id`,
    outlets: await sql`select * from outlets order by id`,
    sessions: await sql`select * from sessions order by id`,
    tokens: await sql`select * from one_time_tokens order by id`,
    invitations: await sql`select * from invitations order by id`,
    mails: await sql`select id from mail_outbox order by id`,
    events: await sql`select id from audit_events order by number`
  }
}

/** The newest event, as its row tells of it. */
export async function lastEvent ({ sql }: Kunci, ...types: string[]) {
  const [event] = await sql`
    select type, user_id, actor_id, contract, reason, details, host(ip) as ip, user_agent, created_at from audit_events
    ${types.length === 0 ? sql`` : sql`where type in ${sql(types)}`} order by number desc limit 1`
  return event
}
