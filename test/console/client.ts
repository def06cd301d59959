import { bearer, type Kunci } from '../helper.js'

/** What an admin panel asks of the server. */

export const PASSWORD = 'SecurePassword123!'
export const INVALID_CREDENTIALS = { status: false, message: 'Invalid credentials', code: 401 }
export const INVALID_REFRESH = { status: false, message: 'Invalid refresh token', code: 401 }
export const INVALID_ACCESS = { status: false, message: 'Invalid or expired token', code: 401 }
export const ACCESS_REQUIRED = { status: false, message: 'Access token required', code: 401 }
export const FORBIDDEN = { status: false, message: 'Forbidden', code: 403 }

/** An administrator from the start, as the environment names one. */
export const ADMINISTRATOR = { email: 'admin@example.com', password: 'Rahasia-besar-1' }
export const WITH_ADMINISTRATOR = { CONTRACTS: '', ADMIN_EMAIL: ADMINISTRATOR.email, ADMIN_PASSWORD: ADMINISTRATOR.password }

/** @returns the body of a refusal that names what is wrong with the fields */
export function invalid (...errors: string[]) {
  return { status: false, message: 'Validation failed', code: 400, errors }
}

export async function post (kunci: Kunci, path: string, payload: object, headers: Record<string, string> = {}) {
  return await kunci.app.inject({ method: 'POST', url: `/api/auth/${path}`, headers, payload })
}

export async function register (kunci: Kunci, fields: object = {}, headers: Record<string, string> = {}) {
  return await post(kunci, 'register', { name: 'John Doe', email: 'john.doe@example.com', password: PASSWORD, ...fields }, headers)
}

export interface SignedIn {
  accessToken: string
  refreshToken: string
}

/** @returns the tokens in the answer to a registration, a sign-in or a refresh */
export function tokensOf (response: { json: () => { data: { token: string, refreshToken: string } } }): SignedIn {
  const { token, refreshToken } = response.json().data
  return { accessToken: token, refreshToken }
}

export async function login (kunci: Kunci, email = 'john.doe@example.com', password = PASSWORD): Promise<SignedIn> {
  return tokensOf(await post(kunci, 'login', { email, password }))
}

export async function refresh (kunci: Kunci, refreshToken: string) {
  return await post(kunci, 'refresh', { refreshToken })
}

export async function logout (kunci: Kunci, accessToken: string) {
  return await kunci.app.inject({ method: 'POST', url: '/api/auth/logout', headers: bearer(accessToken) })
}

export async function me (kunci: Kunci, accessToken: string) {
  return await kunci.app.inject({ url: '/api/auth/me', headers: bearer(accessToken) })
}

/** Everything that a registration writes. */
export async function written (kunci: Kunci): Promise<Record<string, number>> {
  const [counts] = await kunci.sql<Array<Record<string, number>>>`select
    (select count(*)::int from users) users, (select count(*)::int from user_roles) roles, (select count(*)::int from sessions) sessions,
    (select count(*)::int from audit_events where type <> 'token.refused') events, (select count(*)::int from one_time_tokens) tokens, (select count(*)::int from mail_outbox) mails`
  return { ...counts }
}
