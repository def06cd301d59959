import { useLocation } from 'preact-iso/router'
import { useEffect } from 'preact/hooks'
import { pagePaths } from '../../src/page-paths.js'
import { says } from '../language.js'
import { useAuth } from '../session.js'
import { at } from '../settings.js'

/** Leads on to the account, or to the sign-in page. */
export function Home () {
  const { status } = useAuth()
  const { route } = useLocation()
  useEffect(() => {
    if (status !== 'unknown') route(at(status === 'signed-in' ? pagePaths.account : pagePaths.signIn), true)
  }, [status])
  return <h1 class='only-heard'>{says.home.title}</h1>
}
