import { readAnswer } from './answer.js'
import type { Client } from './api.js'
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
 *   origins that may see the access token, such as `https://api.example.com`, besides the page's own and the base URL's
 */
export function createClient ({ baseUrl, origins = [] }: { baseUrl: string, origins?: readonly string[] }): Client {
  const page = globalThis.location?.href
  const base = new URL(baseUrl, page).href.replace(/\/$/, '')
  const trusted = [base, page, ...origins].map(url => url && new URL(url).origin)
  const session = createSession(base)

  async function send<Data> (by: typeof fetch, method: string, path: string, body?: object): Promise<Data> {
    const json = body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const { data } = await readAnswer(by(base + path, { method, credentials: 'include', ...json })) as { data: Data }
    return data
  }
  const ask = <Data>(method: string, path: string, body?: object) => send<Data>(fetch, method, path, body)
  const askSignedIn = <Data>(method: string, path: string, body?: object) => send<Data>(session.fetch, method, path, body)

  return {
    get state () { return session.state.get() },
    onChange: session.state.onChange,
    async fetch (input, init) {
      const request = new Request(input, init)
      const { origin } = new URL(request.url)
      if (!trusted.includes(origin)) throw new TypeError(`The access token does not go to ${origin}: name it in origins`)
      return await session.fetch(request)
    },
    refresh: session.refresh,
    close: session.close,

    register: form => ask('POST', '/register', form),
    registerInvited: form => ask('POST', '/register/invitation', form),
    verify: token => askSignedIn('POST', '/verify', { token }),
    resendVerification: email => email === undefined ? askSignedIn('POST', '/resend/verify') : ask('POST', '/resend/verify', { email }),

    login: session.signIn,
    logout: session.signOut,
    async logoutAll () {
      await askSignedIn('POST', '/logout/all')
      session.end()
    },
    sessions: () => askSignedIn('GET', '/sessions'),
    async revoke (id) {
      const isOwn = id === session.sessionId()
      await askSignedIn('DELETE', `/sessions/${encodeURIComponent(id)}`)
      if (isOwn) session.end()
    },

    profile: () => askSignedIn('GET', '/profile'),
    updateProfile: change => askSignedIn('PATCH', '/profile', change),
    history: (page = {}) => askSignedIn('GET', `/history?${new URLSearchParams(page as Record<string, string>).toString()}`),
    exportAccount: () => askSignedIn('GET', '/account/export'),
    async deleteAccount (password) {
      const requested = await askSignedIn<{ deletedAt: string }>('DELETE', '/account', { password })
      session.end()
      return requested
    },

    forgotPassword: email => ask('POST', '/password/forgot', { email }),
    resetPassword: form => ask('POST', '/password/reset', form),
    changePassword: form => askSignedIn('PATCH', '/password', form),

    outlets: () => ask('GET', '/outlets'),
    roles: () => ask('GET', '/roles')
  }
}
