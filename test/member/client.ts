import type { InjectOptions } from 'fastify'
import { bearer, type Kunci, mailedToken } from '../helper.js'

/** What an application of the member contract asks of the server. Its accounts come through another contract, signin. */

export const PASSWORD = 'kata sandi panjang'
export const INVALID_CREDENTIALS = { status: 'Error', status_code: 401, message: 'Invalid credentials' }
export const INVALID_REFRESH = { status: 'Error', status_code: 401, message: 'Invalid refresh token' }
export const INVALID_ACCESS = { status: 'Error', status_code: 401, message: 'Invalid or expired token' }
export const ACCESS_REQUIRED = { status: 'Error', status_code: 401, message: 'Access token required' }
export const BAD_RESET = { status: 'Error', status_code: 400, message: 'Invalid reset token' }
export const BAD_PROOF = { status: 'Error', status_code: 400, message: 'Invalid verification token' }

/** @returns the body of a refusal that names what is wrong with the fields */
export function invalid (...errors: string[]) {
  return { status: 'Error', status_code: 400, message: 'Validation failed', errors }
}

/** @returns the body of a success that has nothing more to say */
export function succeeded (message: string) {
  return { status: 'Success', status_code: 200, message }
}

export async function signUp (kunci: Kunci, username: string, email = `${username}@example.com`) {
  return await kunci.app.inject({ method: 'POST', url: '/signin/auth/signup', payload: { email, username, password: PASSWORD, name: 'Jefli Jonathan' } })
}

export async function post (kunci: Kunci, path: string, payload: object, headers: Record<string, string> = {}) {
  return await kunci.app.inject({ method: 'POST', url: `/member/api/auth/${path}`, headers, payload })
}

export interface SignedIn {
  accessToken: string
  refreshToken: string
}

/** @returns the tokens in the answer to a sign-in or a refresh */
export function tokensOf (response: { json: () => { data: { token: string, refresh_token: string } } }): SignedIn {
  const { token, refresh_token: refreshToken } = response.json().data
  return { accessToken: token, refreshToken }
}

export async function login (kunci: Kunci, username: string, password = PASSWORD, options: InjectOptions = {}): Promise<SignedIn> {
  return tokensOf(await kunci.app.inject({ method: 'POST', url: '/member/api/auth/login', payload: { username, password }, ...options }))
}

export async function loginStatus (kunci: Kunci, username: string, password = PASSWORD): Promise<number> {
  return (await post(kunci, 'login', { username, password })).statusCode
}

export async function refresh (kunci: Kunci, refreshToken: string) {
  return await post(kunci, 'refresh-token', { refresh_token: refreshToken })
}

export async function logout (kunci: Kunci, accessToken: string) {
  return await kunci.app.inject({ method: 'POST', url: '/member/api/auth/logout', headers: bearer(accessToken) })
}

export async function sessions (kunci: Kunci, accessToken: string) {
  return await kunci.app.inject({ method: 'GET', url: '/member/api/auth/sessions', headers: bearer(accessToken) })
}

/** @returns whether a session goes on: both of its tokens are good, or neither is */
export async function goesOn (kunci: Kunci, { accessToken, refreshToken }: SignedIn): Promise<boolean> {
  const shown = (await sessions(kunci, accessToken)).statusCode === 200
  const refreshed = (await refresh(kunci, refreshToken)).statusCode === 200
  if (shown !== refreshed) throw new Error(`the access token is ${shown ? 'good' : 'dead'}, the refresh token ${refreshed ? 'good' : 'dead'}`)
  return shown
}

/** Asks for the recovery of an account, a moment later than whatever was mailed before, and reads its token. */
export async function recoveryToken (kunci: Kunci, email: string): Promise<string> {
  kunci.clock.advance(1)
  await post(kunci, 'send-verification-email', { email })
  return await mailedToken(kunci, email)
}

export async function prove (kunci: Kunci, token: string, headers: Record<string, string> = {}) {
  return await post(kunci, 'verify-email', { token }, headers)
}

export async function reset (kunci: Kunci, token: string, password: string) {
  return await post(kunci, 'reset-password', { token, password })
}
