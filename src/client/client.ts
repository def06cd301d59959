import type { Client } from './api.js'
import { ask, reach, type Send } from './requests.js'
import { createSession } from './session.js'

export type * from './api.js'
export type { AuthState } from './auth-state.js'
export type * from './contract.js'
export { KunciError, NetworkError } from './errors.js'

/**
 * A client of Kunci's outlet contract for browsers: it keeps the access token in memory, renews it, and tells the page's other
 * tabs. Make one for each page.
 *
 * @param options `baseUrl`: where the contract stands, such as `/auth` or `https://auth.example.com/auth`; `origins`: further
 *   origins that may see the access token, such as `https://api.example.com`, besides the page's own and the base URL's;
 *   `restore`: whether to ask the server at the beginning who is signed in; false where nobody can be
 */
export function createClient ({ baseUrl, origins = [], restore = true }: { baseUrl: string, origins?: readonly string[], restore?: boolean }): Client {
  const page = globalThis.location?.href
  const base = new URL(baseUrl, page).href.replace(/\/$/, '')
  const trusted = [base, page, ...origins].map(url => url && new URL(url).origin)
  const session = createSession(base, restore)

  const send = async (by: Send, method: string, path: string, json?: object) => (await ask<{ data: never }>(by, method, base + path, json)).data
  const get = (path: string) => send(reach, 'GET', path)
  const post = (path: string, json: object) => send(reach, 'POST', path, json)
  const signedIn = (method: string, path: string, json?: object) => send(session.fetch, method, path, json)

  return {
    get state () { return session.state.get() },
    onChange: session.state.onChange,
    async fetch (input, init) {
      const request = new Request(input, init)
      const { origin } = new URL(request.url)
      if (!trusted.includes(origin)) throw new TypeError(`${origin} not in origins`)
      return await session.fetch(request)
    },
    refresh: session.refresh,
    close: session.close,

    register: form => post('/register', form),
    registerInvited: form => post('/register/invitation', form),
    verify: token => signedIn('POST', '/verify', { token }),
    resendVerification: email => email === undefined ? signedIn('POST', '/resend/verify') : post('/resend/verify', { email }),

    login: session.signIn,
    logout: session.signOut,
    async logoutAll () {
      await signedIn('POST', '/logout/all')
      session.end()
    },
    sessions: () => signedIn('GET', '/sessions'),
    async revoke (id) {
      const isOwn = id === session.sessionId()
      await signedIn('DELETE', `/sessions/${encodeURIComponent(id)}`)
      if (isOwn) session.end()
    },

    profile: () => signedIn('GET', '/profile'),
    updateProfile: change => signedIn('PATCH', '/profile', change),
    history: (page = {}) => signedIn('GET', `/history?${new URLSearchParams(page as Record<string, string>).toString()}`),
    exportAccount: () => signedIn('GET', '/account/export'),
    async deleteAccount (password) {
      const requested = await signedIn('DELETE', '/account', { password })
      session.end()
      return requested
    },

    forgotPassword: email => post('/password/forgot', { email }),
    resetPassword: form => post('/password/reset', form),
    changePassword: form => signedIn('PATCH', '/password', form),

    outlets: () => get('/outlets'),
    roles: () => get('/roles')
  }
}
