import { setTimeout as delay } from 'node:timers/promises'
import type { InjectOptions } from 'fastify'
import { bearer, type Kunci, mailedToken } from '../helper.js'

/** What an application of the outlet contract asks of the server. */

export const PASSWORD = 'Password123!'

export async function choices (kunci: Kunci): Promise<{ outlet: string, user: string, admin: string }> {
  const [outlet] = await kunci.sql<Array<{ id: string }>>`select id from outlets`
  const roles = await kunci.sql<Array<{ id: string, name: string }>>`select id, name from roles`
  const role = (name: string) => roles.find(known => known.name === name)?.id ?? ''
  return { outlet: outlet?.id ?? '', user: role('user'), admin: role('admin') }
}

export async function register (kunci: Kunci, fields: Record<string, unknown> = {}) {
  const { outlet, user } = await choices(kunci)
  return await kunci.app.inject({
    method: 'POST',
    url: '/auth/register',
    payload: { email: 'siti@example.com', username: 'siti', password: PASSWORD, confirmPassword: PASSWORD, outlet_id: outlet, role_id: user, ...fields }
  })
}

/** An account that may sign in. */
export async function registerVerified (kunci: Kunci, email = 'siti@example.com', username = 'siti'): Promise<void> {
  await register(kunci, { email, username })
  await kunci.app.inject({ method: 'POST', url: '/auth/verify', payload: { token: await mailedToken(kunci, email) } })
}

export interface SignedIn {
  accessToken: string
  cookie: string
}

export async function login (kunci: Kunci, email = 'siti@example.com', password = PASSWORD, options: InjectOptions = {}): Promise<SignedIn> {
  const response = await kunci.app.inject({ method: 'POST', url: '/auth/login', payload: { email, password }, ...options })
  return { accessToken: response.json().data.access_token, cookie: cookieOf(response) }
}

/** @returns the refresh token that a response set */
export function cookieOf (response: { cookies: Array<{ name: string, value: string }> }): string {
  return response.cookies.find(cookie => cookie.name === 'refresh_token')?.value ?? ''
}

/** @returns the token by which a response has the browser known again */
export function deviceOf (response: { cookies: Array<{ name: string, value: string }> }): string {
  return response.cookies.find(cookie => cookie.name === 'refresh_token_device')?.value ?? ''
}

let addresses = 0

/**
 * Tries a password from an address of its own each time: the limits of an account are not those of an address.
 *
 * @param cookie the `Cookie` header; `refresh_token_device=…` for a device
 */
export async function tryPassword (kunci: Kunci, password: string, email = 'siti@example.com', cookie?: string) {
  addresses += 1
  const headers = cookie === undefined ? {} : { cookie }
  return await kunci.app.inject({ method: 'POST', url: '/auth/login', payload: { email, password }, headers, remoteAddress: `10.0.${addresses >> 8}.${addresses & 255}` })
}

export async function refresh (kunci: Kunci, cookie: string) {
  return await kunci.app.inject({ method: 'POST', url: '/auth/refresh', headers: { cookie: `refresh_token=${cookie}` } })
}

export async function profile (kunci: Kunci, accessToken: string) {
  return await kunci.app.inject({ method: 'GET', url: '/auth/profile', headers: bearer(accessToken) })
}

/** Long enough for a machine that is busy with other tests; how soon it is elsewhere is measured in docs/revocations.md. */
const SOON = 10_000

/** Asks until another instance has heard that a token is void; false if it never does. */
export async function refusedSoon (kunci: Kunci, accessToken: string): Promise<boolean> {
  for (const end = performance.now() + SOON; performance.now() < end; await delay(5)) {
    if ((await profile(kunci, accessToken)).statusCode === 401) return true
  }
  return false
}
