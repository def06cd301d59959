import type { AuthState } from './auth-state.js'
import type { AccountExport, Credentials, DeletionRequested, HistoryEntry, InvitedRegistration, Outlet, PasswordChange, PasswordReset, Profile, ProfileChange, Registration, Role, Session } from './contract.js'

/** What it asks of the server throws KunciError where the server refuses, and NetworkError where it is not reached. */
export interface Client {
  /** Who is signed in; the same object until that changes. */
  readonly state: AuthState
  /**
   * Tells who is signed in: now, and whenever that changes, here or in another tab.
   *
   * @returns what ends it
   */
  onChange: (listener: (state: AuthState) => void) => () => void
  /**
   * Like the browser's own, with the access token, which is renewed where it has run out, and once where the answer is 401.
   * While nobody is signed in the request goes without one.
   *
   * @throws TypeError for an origin that may not see the token; otherwise what the browser's own and `refresh` throw
   */
  fetch: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>
  /** Asks for a new access token now, as after a change of roles; it resolves when the server has settled who is signed in. */
  refresh: () => Promise<void>
  /** Stops renewing and listening, for a page that goes on without it. */
  close: () => void

  register: (form: Registration) => Promise<void>
  /** Registers the account of an invitation, by the token of its mail. */
  registerInvited: (form: InvitedRegistration) => Promise<void>
  /** Proves an address by the token of its mail. */
  verify: (token: string) => Promise<void>
  /** @param email of an account that cannot sign in yet; without it, the account that is signed in */
  resendVerification: (email?: string) => Promise<void>

  /** Signs in here and in every tab, in place of whoever was. */
  login: (credentials: Credentials) => Promise<void>
  /**
   * Signs out here and in every tab, at once and in any case.
   *
   * @throws KunciError, NetworkError where the server does not know of it yet: it is told as soon as it can be, also after a reload
   */
  logout: () => Promise<void>
  /** Ends every session of the account. Where it throws, none has ended. */
  logoutAll: () => Promise<void>
  sessions: () => Promise<Session[]>
  /** Ends one session; the own one is left in every tab. */
  revoke: (id: string) => Promise<void>

  profile: () => Promise<Profile>
  /** @returns the profile after it; a new email holds once its mail is answered */
  updateProfile: (change: ProfileChange) => Promise<Profile>
  /** @param page `limit`: 1 to 100, 50 by default; `before`: the id of the last entry that is known already */
  history: (page?: { limit?: number, before?: string }) => Promise<HistoryEntry[]>
  exportAccount: () => Promise<AccountExport>
  /** Ends every session. @returns until when signing in takes it back */
  deleteAccount: (password: string) => Promise<DeletionRequested>

  forgotPassword: (email: string) => Promise<void>
  /** Chooses a password by the token of a mail; every session of the account ends. */
  resetPassword: (form: PasswordReset) => Promise<void>
  /** Every other session ends. */
  changePassword: (form: PasswordChange) => Promise<void>

  /** What a registration form offers. */
  outlets: () => Promise<Outlet[]>
  roles: () => Promise<Role[]>
}
