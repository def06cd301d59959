import { type GivenToken, type HeldToken, holdToken } from './access-token.js'
import { createAlarm } from './alarm.js'
import { createAuthState } from './auth-state.js'
import { authorizedFetch } from './authorized-fetch.js'
import type { Credentials } from './contract.js'
import { createLine } from './line.js'
import { createPause, type Failure } from './pause.js'
import { ask, reach } from './requests.js'
import { type Notice, openTabs } from './tabs.js'
import { unfinishedSignOut } from './unfinished-sign-out.js'

/** Milliseconds in which other tabs answer one that has just opened, and between two looks at what they do. */
const HEARING = 25

/**
 * The session of one browser: its access token is in memory alone, its refresh token in a cookie that no script sees.
 *
 * @param base the API's URL, without a slash at its end
 * @param restore whether to ask the server at the beginning, which other tabs are asked in any case
 */
export function createSession (base: string, restore: boolean) {
  const pause = createPause()
  const unfinished = unfinishedSignOut(base)
  const tabs = openTabs(base, hear)
  const state = createAuthState({ status: restore && !unfinished.exists() ? 'unknown' : 'signed-out' })
  const alarm = createAlarm(untilNext, () => { void refresh().catch(() => {}) }, pause.shorten)
  let held: HeldToken | undefined
  /** Sessions before this one are over. Their ids grow with time. */
  let oldest = ''
  /** Another object each time that somebody signs in or out: what was asked before tells of the past. */
  let turn = {}
  let refreshing: Promise<void> | undefined
  let attempt: AbortController | undefined
  /** for what changes the cookie */
  const inLine = createLine(alarm.set)

  function supersede (): void {
    turn = {}
    refreshing = undefined
    attempt?.abort()
  }

  function hold (next: HeldToken): void {
    held = next
    oldest = next.sessionId
    pause.end()
    unfinished.finish()
    state.set({ status: 'signed-in', accountId: next.accountId, permissions: next.permissions })
    alarm.set()
  }

  function take (given: GivenToken): void {
    hold(holdToken(given))
    tabs.tell({ type: 'token', ...given })
  }

  /** @param sessionId the session that is over, and with it all before */
  function leave (sessionId: string): void {
    supersede()
    // Above this session, and below every later one.
    oldest = sessionId && `${sessionId}~`
    held = undefined
    state.set({ status: 'signed-out' })
    alarm.set()
  }

  /** Leaves in all tabs. */
  function end (): void {
    const sessionId = held?.sessionId ?? oldest
    tabs.tell({ type: 'signed-out', sessionId })
    leave(sessionId)
  }

  function hear (notice: Notice): void {
    if (notice.type === 'hello') {
      if (attempt !== undefined) tabs.tell({ type: 'busy', isSignIn: false })
      else if (held !== undefined && Date.now() < held.renewAt) tabs.tell({ type: 'token', ...held })
    } else if (notice.type === 'busy') {
      if (notice.isSignIn) attempt?.abort()
    } else if (notice.type === 'signed-out') {
      if (oldest <= notice.sessionId) leave(notice.sessionId)
    } else if (notice.type === 'token') {
      const next = holdToken(notice)
      if (next.sessionId < oldest) return
      if (next.sessionId !== held?.sessionId) supersede()
      hold(next)
    }
  }

  /**
   * Asks for a new access token, once however many ask at a time. It resolves when the server has settled who is signed in.
   *
   * @throws KunciError, NetworkError where it has not, or is not to be asked again yet; who is signed in stays so
   */
  function refresh (): Promise<void> {
    if (refreshing !== undefined) return refreshing
    const mine = turn
    const settled = inLine(async () => {
      if (mine !== turn) return
      pause.check()
      await (unfinished.exists() ? finishSignOut() : rotate())
    }).finally(() => { if (refreshing === settled) refreshing = undefined })
    refreshing = settled
    return settled
  }

  async function rotate (): Promise<void> {
    const mine = turn
    const before = held
    const isSettled = () => mine !== turn || before !== held
    // The server takes a token again, but not once its successor was used: one tab at a time, as far as they hear each other.
    do await new Promise(resolve => setTimeout(resolve, HEARING))
    while (!isSettled() && tabs.areBusy())
    if (isSettled()) return
    tabs.tell({ type: 'busy', isSignIn: false })
    const { signal } = attempt = new AbortController()
    let given: GivenToken | undefined
    try {
      const askedAt = Date.now()
      const { access_token: token } = await ask<{ access_token: string }>(reach, 'POST', `${base}/refresh`, undefined, {}, signal)
      given = { token, askedAt }
      if (mine === turn) take(given)
    } catch (error) {
      if (mine === turn && !signal.aborted) {
        if (!isOver(error)) throw error
        end()
      }
    } finally {
      attempt = undefined
      tabs.tell({ type: 'idle' })
    }
    if (given === undefined && !isSettled()) await rotate()
  }

  /** @returns whether a failure says that there is no session; after any other the server is left alone for a while */
  function isOver (error: unknown): boolean {
    const isOver = (error as Failure).status === 401
    if (!isOver) pause.extend(error as Failure)
    return isOver
  }

  function signIn (credentials: Credentials): Promise<void> {
    supersede()
    const mine = turn
    tabs.tell({ type: 'busy', isSignIn: true })
    return inLine(async () => {
      const askedAt = Date.now()
      const { data } = await ask<{ data: { access_token: string } }>(reach, 'POST', `${base}/login`, credentials)
      if (mine === turn) take({ token: data.access_token, askedAt })
    }).finally(() => { tabs.tell({ type: 'idle' }) })
  }

  function signOut (): Promise<void> {
    const headers: HeadersInit = held === undefined ? {} : { authorization: `Bearer ${held.token}` }
    end()
    unfinished.begin()
    return inLine(() => finishSignOut(headers))
  }

  async function finishSignOut (headers: HeadersInit = {}): Promise<void> {
    try {
      await ask(reach, 'POST', `${base}/logout`, undefined, headers)
    } catch (error) {
      // A session that is over already is what was wanted.
      if (!isOver(error)) throw error
    }
    unfinished.finish()
  }

  /** @param refused a token that is not good any more @returns the token to go with, if somebody is signed in */
  async function settle (refused?: HeldToken): Promise<HeldToken | undefined> {
    while (state.get().status === 'unknown') await refresh()
    if (held !== undefined && (held === refused || Date.now() >= held.until)) await refresh()
    return held
  }

  /** A tab that nobody sees renews nothing until it is looked at, or asks. */
  function untilNext (): number {
    if (state.get().status === 'unknown' || unfinished.exists()) return pause.left()
    return held === undefined || globalThis.document?.hidden ? Infinity : Math.max(held.renewAt - Date.now(), pause.left())
  }

  tabs.tell({ type: 'hello' })
  alarm.set()

  return {
    state,
    refresh,
    signIn,
    signOut,
    end,
    fetch: (request: Request) => authorizedFetch(request, settle),
    sessionId: () => held?.sessionId,
    close () {
      supersede()
      alarm.close()
      tabs.close()
    }
  }
}
