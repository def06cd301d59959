import type { Test } from 'tap'
import { ask, type Answer, bodyOf, CLIENT_ADDRESS } from './browser.js'
import { ADMINISTRATOR, type RunningKunci } from './running-kunci.js'

const ACCOUNT = { email: 'siti@example.com', password: 'Password123!' }
const COOKIE = /^refresh_token=([\w-]+); Max-Age=\d+; Path=\/auth; HttpOnly; Secure; SameSite=Strict$/

export interface SignedIn {
  accessToken: string
  /** what an application behind the gateway is told of the one who signed in */
  authHeaders: Record<string, string>
}

/** Shows that everything of `/auth` works through a gateway, up to a session that is left open. */
export async function signInThrough (t: Test, gateway: string, kunci: RunningKunci): Promise<SignedIn> {
  const json = async (path: string) => bodyOf<{ data: Array<{ id: string, name: string }> }>(await ask(gateway, 'GET', path)).data
  const [outlet] = await json('/auth/outlets')
  const role = (await json('/auth/roles')).find(({ name }) => name === 'user')
  const choice = { username: 'siti', confirmPassword: ACCOUNT.password, outlet_id: outlet?.id, role_id: role?.id }
  const registered = await ask(gateway, 'POST', '/auth/register', {}, { ...ACCOUNT, ...choice })
  t.same([registered.status, bodyOf(registered)], [200, { status: 200, message: 'register user succes' }])
  const verified = await ask(gateway, 'POST', '/auth/verify', {}, { token: await kunci.mailedToken(ACCOUNT.email) })
  t.same([verified.status, bodyOf(verified)], [200, { status: 200, message: 'succes verified email' }])

  const foreign = await ask(gateway, 'POST', '/auth/login', { origin: 'https://elsewhere.example' }, ACCOUNT)
  t.same([foreign.status, bodyOf(foreign)], [403, { status: 403, message: 'Forbidden' }], 'another site stays another site')
  const forwarded = { 'x-forwarded-for': '203.0.113.9', 'x-forwarded-host': 'elsewhere.example', origin: gateway }
  const loggedIn = await ask(gateway, 'POST', '/auth/login', forwarded, ACCOUNT)
  t.equal(loggedIn.status, 200, 'the page that the gateway serves is of the same host')
  const refreshed = await ask(gateway, 'POST', '/auth/refresh', { ...forwarded, cookie: `refresh_token=${cookieOf(t, loggedIn)}` })
  t.equal(refreshed.status, 200)
  t.not(cookieOf(t, refreshed), cookieOf(t, loggedIn))

  const accessToken = bodyOf<{ access_token: string }>(refreshed).access_token
  const authorization = `Bearer ${accessToken}`
  const profile = bodyOf<{ data: { id: string } }>(await ask(gateway, 'GET', '/auth/profile', { authorization })).data
  const sessions = bodyOf<{ data: Array<{ id: string, ip: string }> }>(await ask(gateway, 'GET', '/auth/sessions', { authorization })).data
  t.same(sessions.map(({ ip }) => ip), [CLIENT_ADDRESS], "the client's own address is recorded, whatever it says of itself")
  return {
    accessToken,
    authHeaders: {
      'x-auth-subject': profile.id,
      'x-auth-session': sessions[0]?.id ?? '',
      'x-auth-contract': 'outlet',
      'x-auth-roles': 'user',
      'x-auth-outlet': outlet?.id ?? ''
    }
  }
}

/** @returns the access token of somebody who has permissions */
export async function signInAdministrator (gateway: string): Promise<string> {
  const loggedIn = await ask(gateway, 'POST', '/auth/login', {}, ADMINISTRATOR)
  return bodyOf<{ data: { access_token: string } }>(loggedIn).data.access_token
}

/** @returns the refresh token, after a look at how the browser was told to keep it */
function cookieOf (t: Test, answer: Answer): string {
  const [cookie = ''] = answer.headers['set-cookie'] ?? []
  t.match(cookie, COOKIE)
  return COOKIE.exec(cookie)?.[1] ?? ''
}
