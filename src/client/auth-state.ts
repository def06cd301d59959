/** Who is signed in, as far as this tab knows. */
export type AuthState =
  /** not known yet: the server has not answered */
  | { readonly status: 'unknown' }
  | { readonly status: 'signed-in', readonly accountId: string, readonly permissions: readonly string[] }
  | { readonly status: 'signed-out' }

export type Listener = (state: AuthState) => void

/** Holds the state, and tells of it. */
export function createAuthState (state: AuthState) {
  const listeners = new Set<Listener>()
  return {
    get: () => state,
    set (next: AuthState): void {
      if (JSON.stringify(next) === JSON.stringify(state)) return
      state = next
      // Each by itself: one that throws keeps nothing from the others.
      for (const listener of listeners) queueMicrotask(() => { if (listeners.has(listener)) listener(next) })
    },
    onChange (listener: Listener) {
      listeners.add(listener)
      listener(state)
      return () => { listeners.delete(listener) }
    }
  }
}
