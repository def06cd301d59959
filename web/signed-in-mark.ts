import type { AuthState } from '../src/client/client.js'

/** It stands in the browser's storage while somebody is signed in, and says no more than that. */
const MARK = 'kunci signed in'

/** @returns whether somebody signed in by these pages and did not sign out; true where a browser does not tell */
export function mayBeSignedIn (): boolean {
  try {
    return localStorage.getItem(MARK) !== null
  } catch {
    return true
  }
}

export function rememberWhetherSignedIn ({ status }: AuthState): void {
  try {
    if (status === 'signed-in') localStorage.setItem(MARK, '')
    if (status === 'signed-out') localStorage.removeItem(MARK)
  } catch {
    // A browser that refuses storage is asked by a refresh each time.
  }
}
