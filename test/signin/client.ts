import { STATUS_CODES } from 'node:http'
import { bearer, type Kunci } from '../helper.js'

/** What an application in the manner of NestJS asks of the server. */

export const PASSWORD = 'password123'

/** @returns the body of a refusal: a list where fields are wrong */
export function refusal (statusCode: number, message: string | string[]) {
  return { statusCode, error: STATUS_CODES[statusCode], message }
}

export const INVALID_CREDENTIALS = refusal(401, 'Invalid credentials')
export const INVALID_REFRESH = refusal(401, 'Invalid refresh token')
export const INVALID_ACCESS = refusal(401, 'Invalid or expired token')
export const ACCESS_REQUIRED = refusal(401, 'Access token required')

export async function post (kunci: Kunci, path: string, payload: object, headers: Record<string, string> = {}) {
  return await kunci.app.inject({ method: 'POST', url: `/signin/auth/${path}`, headers, payload })
}

export async function signUp (kunci: Kunci, fields: object = {}) {
  return await post(kunci, 'signup', { email: 'user@example.com', username: 'johndoe', password: PASSWORD, name: 'John Doe', ...fields })
}

/** An account of that username. */
export async function someone (kunci: Kunci, username: string) {
  return await signUp(kunci, { username, email: `${username}@example.com` })
}

export interface SignedIn {
  accessToken: string
  refreshToken: string
}

export async function signIn (kunci: Kunci, username = 'johndoe', password = PASSWORD) {
  return await post(kunci, 'signin', { username, password })
}

/** @returns the tokens of a new session */
export async function login (kunci: Kunci, username = 'johndoe'): Promise<SignedIn> {
  const { accessToken, refreshToken } = (await signIn(kunci, username)).json()
  return { accessToken, refreshToken }
}

export async function refresh (kunci: Kunci, refreshToken: string) {
  return await post(kunci, 'refresh', { refreshToken })
}

export async function logout (kunci: Kunci, accessToken: string) {
  return await kunci.app.inject({ method: 'POST', url: '/signin/auth/logout', headers: bearer(accessToken) })
}

export async function profile (kunci: Kunci, accessToken: string) {
  return await kunci.app.inject({ url: '/signin/auth/profile', headers: bearer(accessToken) })
}
