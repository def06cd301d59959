import { type HeldToken, holdToken } from './access-token.js'
import { createAlarm } from './alarm.js'
import { readAnswer } from './answer.js'
import { createAuthState } from './auth-state.js'
import { authorizedFetch } from './authorized-fetch.js'
import type { Credentials } from './contract.js'
import { KunciError } from './errors.js'
import { createPause } from './pause.js'
import { type Notice, openTabs } from './tabs.js'
import { unfinishedSignOut } from './unfinished-sign-out.js'

/** Milliseconds: two attempts fit into the server's grace for a lost answer. */
const TIMEOUT = 12_000
/** Milliseconds for another tab's sign-in to get its answer. */
const GIVE_WAY = 1000

/**
 * The session of one browser: its access token is in memory alone, its refresh token in a cookie that no script sees.
 *
 * @param base the API's URL, without a slash at its end
 */
export function createSession (base: string) {
  const pause = createPause()
  const unfinished = unfinishedSignOut(base)
  const tabs = openTabs(base, hear)
  const state = createAuthState({ status: unfinished.exists() ? 'signed-out' : 'unknown' })
  const alarm = createAlarm(untilNext, () => { void refresh().catch(() => {}) }, pause.shorten)
  let held: HeldToken | undefined
  /** Sessions before this one are over. Their ids grow with time. */
  let oldest = ''
  /** Another object each time that somebody signs in or out: what was asked before tells of the past. */
  let turn = {}
  let refreshing: Promise<void> | undefined
  let attempt: AbortController | undefined
  /** What changes the cookie, one after the other. */
  let line: Promise<unknown> = Promise.resolve()

  async function send<Answer> (path: string, init: RequestInit, ...signals: AbortSignal[]): Promise<Answer> {
    const signal = AbortSignal.any([AbortSignal.timeout(TIMEOUT), ...signals])
    return await readAnswer(fetch(base + path, { method: 'POST', credentials: 'include', ...init, signal })) as Answer
  }

  function inLine<Result> (job: () => Promise<Result>): Promise<Result> {
    const result = line.then(job).finally(alarm.set)
    line = result.catch(() => {})
    return result
  }

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
    state.set({ status: 'signed-in', accountId: next.accountId })
    alarm.set()
  }

  function take (token: string, askedAt: number): void {
    hold(holdToken(token, askedAt))
    tabs.tell({ type: 'token', token, askedAt })
  }

  function leave (sessionId = held?.sessionId): void {
    supersede()
    // Above this session, and below every later one.
    if (sessionId !== undefined) oldest = `${sessionId}~`
    held = undefined
    state.set({ status: 'signed-out' })
    alarm.set()
  }

  /** Leaves in all tabs. */
  function end (): void {
    tabs.tell({ type: 'signed-out', sessionId: held?.sessionId })
    leave()
  }

  function hear (notice: Notice): void {
    if (notice.type === 'signing-in') attempt?.abort()
    else if (notice.type === 'signed-out') {
      if (notice.sessionId === undefined || held === undefined || held.sessionId <= notice.sessionId) leave(notice.sessionId)
    } else {
      const next = holdToken(notice.token, notice.askedAt)
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
      const reason = pause.reason()
      if (reason !== undefined) throw reason
      await (unfinished.exists() ? finishSignOut() : rotate())
    }).finally(() => { if (refreshing === settled) refreshing = undefined })
    refreshing = settled
    return settled
  }

  async function rotate (): Promise<void> {
    const mine = turn
    const { signal } = attempt = new AbortController()
    const askedAt = Date.now()
    try {
      const { access_token: token } = await send<{ access_token: string }>('/refresh', {}, signal)
      if (mine === turn) take(token, askedAt)
    } catch (error) {
      if (mine !== turn) return
      if (signal.aborted) {
        await new Promise(resolve => setTimeout(resolve, GIVE_WAY))
        if (mine === turn) await rotate()
      } else if (error instanceof KunciError && error.status === 401) {
        // A tab that never had a session knows of none to tell of.
        if (held === undefined) leave()
        else end()
      } else {
        pause.extend(error as Error)
        throw error
      }
    }
  }

  function signIn (credentials: Credentials): Promise<void> {
    supersede()
    const mine = turn
    tabs.tell({ type: 'signing-in' })
    return inLine(async () => {
      const askedAt = Date.now()
      const { data } = await send<{ data: { access_token: string } }>('/login', { headers: { 'content-type': 'application/json' }, body: JSON.stringify(credentials) })
      if (mine === turn) take(data.access_token, askedAt)
    })
  }

  function signOut (): Promise<void> {
    const headers: HeadersInit = held === undefined ? {} : { authorization: `Bearer ${held.token}` }
    end()
    unfinished.begin()
    return inLine(() => finishSignOut(headers))
  }

  async function finishSignOut (headers: HeadersInit = {}): Promise<void> {
    try {
      await send('/logout', { headers })
    } catch (error) {
      // A session that is over already is what was wanted.
      if (!(error instanceof KunciError && error.status === 401)) {
        pause.extend(error as Error)
        throw error
      }
    }
    unfinished.finish()
  }

  async function current (): Promise<HeldToken | undefined> {
    while (state.get().status === 'unknown') await refresh()
    if (held !== undefined && Date.now() >= held.until) await refresh()
    return held
  }

  async function renew (used: HeldToken): Promise<HeldToken | undefined> {
    if (held?.token === used.token) await refresh()
    return held
  }

  /** A tab that nobody sees renews nothing until it is looked at, or asks. */
  function untilNext (): number {
    const isHidden = typeof document !== 'undefined' && document.hidden
    if (state.get().status === 'unknown' || unfinished.exists()) return pause.left()
    return held === undefined || isHidden ? Infinity : Math.max(held.renewAt - Date.now(), pause.left())
  }

  void refresh().catch(() => {})

  return {
    state,
    refresh,
    signIn,
    signOut,
    end,
    fetch: (input: RequestInfo | URL, init?: RequestInit) => authorizedFetch(new Request(input, init), current, renew),
    sessionId: () => held?.sessionId,
    close () {
      supersede()
      alarm.close()
      tabs.close()
    }
  }
}
