import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { bearer, type Kunci } from '../helper.js'
import { choices, cookieOf, PASSWORD } from '../outlet/client.js'

/** What an application of each contract asks of a server that serves all of them. */

export const names = ['outlet', 'console', 'donation', 'member', 'signin'] as const
export type Name = typeof names[number]

/** Those through which somebody can register. */
export const registrars = ['outlet', 'console', 'donation', 'signin'] as const

/** Those that refresh. */
export const refreshing = ['outlet', 'console', 'member', 'signin'] as const

export interface Person {
  email: string
  username: string
}

export function person (username: string): Person {
  return { username, email: `${username}@example.com` }
}

export interface Tokens {
  access: string
  /** empty where the contract has none */
  refresh: string
}

interface Wire {
  prefix: string
  signIn: { path: string, by: 'email' | 'username' }
  tokens: (response: LightMyRequestResponse) => Tokens
  /** what shows who is signed in */
  me: string
  /** without a field it travels as a cookie */
  refresh?: { path: string, field?: string }
  registration?: { path: string, fields: (person: Person, kunci: Kunci) => object | Promise<object> }
}

export const wires: Readonly<Record<Name, Wire>> = {
  outlet: {
    prefix: '/auth',
    signIn: { path: '/login', by: 'email' },
    tokens: response => ({ access: response.json().data.access_token, refresh: cookieOf(response) }),
    me: '/profile',
    refresh: { path: '/refresh' },
    registration: {
      path: '/register',
      async fields (person, kunci) {
        const { outlet, user } = await choices(kunci)
        return { ...person, password: PASSWORD, confirmPassword: PASSWORD, outlet_id: outlet, role_id: user }
      }
    }
  },
  console: {
    prefix: '/api/auth',
    signIn: { path: '/login', by: 'email' },
    tokens: response => ({ access: response.json().data.token, refresh: response.json().data.refreshToken }),
    me: '/me',
    refresh: { path: '/refresh', field: 'refreshToken' },
    registration: { path: '/register', fields: ({ email }) => ({ name: 'Siti Rahayu', email, password: PASSWORD }) }
  },
  donation: {
    prefix: '/donation/auth',
    signIn: { path: '/login', by: 'email' },
    tokens: response => ({ access: response.json().data.token, refresh: '' }),
    me: '/verify-token',
    registration: { path: '/register', fields: ({ email }) => ({ email, password: PASSWORD, nama_lengkap: 'Siti Rahayu', telp: '081234567890' }) }
  },
  member: {
    prefix: '/member/api/auth',
    signIn: { path: '/login', by: 'username' },
    tokens: response => ({ access: response.json().data.token, refresh: response.json().data.refresh_token }),
    me: '/sessions',
    refresh: { path: '/refresh-token', field: 'refresh_token' }
  },
  signin: {
    prefix: '/signin/auth',
    signIn: { path: '/signin', by: 'username' },
    tokens: response => ({ access: response.json().accessToken, refresh: response.json().refreshToken }),
    me: '/profile',
    refresh: { path: '/refresh', field: 'refreshToken' },
    registration: { path: '/signup', fields: person => ({ ...person, password: PASSWORD, name: 'Siti Rahayu' }) }
  }
}

/** @param fields instead of or beside what is usually sent */
export async function register (kunci: Kunci, name: typeof registrars[number], person: Person, fields: object = {}, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
  const { prefix, registration } = wires[name]
  const payload = { ...await registration?.fields(person, kunci), ...fields }
  return await kunci.app.inject({ method: 'POST', url: `${prefix}${registration?.path}`, headers, payload })
}

/** Signs in by what the contract knows of somebody. */
export async function signIn (kunci: Kunci, name: Name, person: Person, password = PASSWORD, prefix = wires[name].prefix): Promise<LightMyRequestResponse> {
  const { path, by } = wires[name].signIn
  return await kunci.app.inject({ method: 'POST', url: `${prefix}${path}`, payload: { [by]: person[by], password } })
}

export async function tokensOf (kunci: Kunci, name: Name, person: Person, password = PASSWORD): Promise<Tokens> {
  return wires[name].tokens(await signIn(kunci, name, person, password))
}

export async function allTokens (kunci: Kunci, person: Person): Promise<Record<Name, Tokens>> {
  const entries = []
  for (const name of names) entries.push([name, await tokensOf(kunci, name, person)])
  return Object.fromEntries(entries)
}

/** Asks who is signed in. */
export async function me (kunci: Kunci, name: Name, access: string, prefix = wires[name].prefix): Promise<LightMyRequestResponse> {
  return await kunci.app.inject({ url: `${prefix}${wires[name].me}`, headers: bearer(access) })
}

/** How a contract takes a refresh token. */
export function refreshRequest (name: Name, token: string): InjectOptions {
  const { prefix, refresh } = wires[name]
  const carried = refresh?.field === undefined ? { headers: { cookie: `refresh_token=${token}` } } : { payload: { [refresh.field]: token } }
  return { method: 'POST', url: `${prefix}${refresh?.path}`, ...carried }
}

export async function refresh (kunci: Kunci, name: Name, token: string): Promise<LightMyRequestResponse> {
  return await kunci.app.inject(refreshRequest(name, token))
}

/** @returns the tokens that a refresh gave */
export function refreshedTokens (name: Name, response: LightMyRequestResponse): Tokens {
  return name === 'outlet' ? { access: response.json().access_token, refresh: cookieOf(response) } : wires[name].tokens(response)
}
