import type { Static } from '@sinclair/typebox'
import type * as admin from '../../routes/admin/schemas.js'
import { ask as askServer } from '../../src/client/requests.js'
import { client } from '../session.js'
import { at } from '../settings.js'

/** What administration takes and gives, from its own schemas. */

export type User = Static<typeof admin.User>
export type Session = Static<typeof admin.Session>
export type Role = Static<typeof admin.Role>
export type Outlet = Static<typeof admin.Outlet>
export type Invitation = Static<typeof admin.Invitation>
export type Event = Static<typeof admin.Event>

type NewUser = Static<typeof admin.NewUser>
type UserChange = Static<typeof admin.UserChange>
type RolesGiven = Static<typeof admin.RolesChange>['roles']
type NewRole = Static<typeof admin.NewRole>
type RoleChange = Static<typeof admin.RoleChange>
type NewOutlet = Static<typeof admin.NewOutlet>
type OutletChange = Static<typeof admin.OutletChange>
type NewInvitation = Static<typeof admin.NewInvitation>

/** A part of a list, and the cursor of the part after it. */
export interface Part<Row> {
  data: Row[]
  next: string | null
}

/** What a list is asked for; nothing is sent of what is undefined or empty. */
export type Query = Readonly<Record<string, string | undefined>>

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

async function ask<Answer> (method: Method, path: string, { json, signal }: { json?: object | undefined, signal?: AbortSignal | undefined } = {}): Promise<Answer> {
  return await askServer(client.fetch, method, at(`/admin${path}`), json, {}, ...signal === undefined ? [] : [signal])
}

async function list<Row> (path: string, query: Query = {}, signal?: AbortSignal): Promise<Part<Row>> {
  const asked = Object.entries(query).flatMap(([name, value]) => value === undefined || value === '' ? [] : [[name, value]])
  return await ask('GET', `${path}?${new URLSearchParams(asked).toString()}`, { signal })
}

async function dataOf<Data> (method: Method, path: string, json?: object): Promise<Data> {
  return (await ask<{ data: Data }>(method, path, { json })).data
}

const user = (id: string, rest = '') => `/users/${encodeURIComponent(id)}${rest}`
const role = (id: string) => `/roles/${encodeURIComponent(id)}`

/** Each throws what the client's own calls throw, and what its signal was aborted with. */
export const api = {
  users: async (query: Query, signal?: AbortSignal) => await list<User>('/users', query, signal),
  user: async (id: string) => await dataOf<User>('GET', user(id)),
  createUser: async (account: NewUser) => await dataOf<User>('POST', '/users', account),
  changeUser: async (id: string, change: UserChange) => await dataOf<User>('PATCH', user(id), change),
  changeRoles: async (id: string, roles: RolesGiven) => await dataOf<User>('PUT', user(id, '/roles'), { roles }),
  disable: async (id: string) => await dataOf<User>('POST', user(id, '/disable')),
  enable: async (id: string) => await dataOf<User>('POST', user(id, '/enable')),
  sendVerification: async (id: string) => await dataOf<{ sent: boolean }>('POST', user(id, '/verification')),
  sendReset: async (id: string) => await dataOf<{ sent: boolean }>('POST', user(id, '/reset')),
  deleteUser: async (id: string) => { await ask('DELETE', user(id)) },

  sessions: async (query: Query, signal?: AbortSignal) => await list<Session>('/sessions', query, signal),
  endSession: async (userId: string, id: string) => { await ask('DELETE', user(userId, `/sessions/${encodeURIComponent(id)}`)) },
  endSessions: async (userId: string) => await dataOf<{ ended: number }>('DELETE', user(userId, '/sessions')),

  roles: async () => (await list<Role>('/roles')).data,
  createRole: async (made: NewRole) => await dataOf<Role>('POST', '/roles', made),
  changeRole: async (id: string, change: RoleChange) => await dataOf<Role>('PATCH', role(id), change),
  deleteRole: async (id: string) => { await ask('DELETE', role(id)) },

  outlets: async () => (await list<Outlet>('/outlets')).data,
  createOutlet: async (made: NewOutlet) => await dataOf<Outlet>('POST', '/outlets', made),
  changeOutlet: async (id: string, change: OutletChange) => await dataOf<Outlet>('PATCH', `/outlets/${encodeURIComponent(id)}`, change),

  invitations: async (query: Query, signal?: AbortSignal) => await list<Invitation>('/invitations', query, signal),
  invite: async (invitation: NewInvitation) => await dataOf<Invitation>('POST', '/invitations', invitation),
  withdraw: async (id: string) => { await ask('DELETE', `/invitations/${encodeURIComponent(id)}`) },

  events: async (query: Query, signal?: AbortSignal) => await list<Event>('/events', query, signal)
}
