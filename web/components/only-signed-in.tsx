import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso/router'
import { useEffect } from 'preact/hooks'
import { pagePaths } from '../../src/page-paths.js'
import { says } from '../language.js'
import { useAuth } from '../session.js'
import { at } from '../settings.js'
import { returnTo } from '../return.js'

/** Shows something to whoever is signed in, anew for each account, and the sign-in page to everybody else. */
export function OnlySignedIn ({ children }: { children: (accountId: string) => ComponentChildren }) {
  const state = useAuth()
  const { path, route } = useLocation()
  const isOut = state.status === 'signed-out'
  useEffect(() => {
    if (!isOut) return
    returnTo.path = path
    route(at(pagePaths.signIn), true)
  }, [isOut])
  return state.status === 'signed-in' ? <>{children(state.accountId)}</> : <p class='waiting only-heard' role='status'>{says.waiting}</p>
}
