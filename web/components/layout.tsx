import type { ComponentChildren } from 'preact'
import { useLocation } from 'preact-iso/router'
import { useState } from 'preact/hooks'
import { pagePaths } from '../../src/page-paths.js'
import { says } from '../language.js'
import { client, useAuth } from '../session.js'
import { at } from '../settings.js'
import { useMayManage } from '../standing.js'
import { KeyMark } from './key-mark.js'
import { Message } from './message.js'

/** What stands around every page. */
export function Layout ({ children }: { children: ComponentChildren }) {
  const [isLate, setLate] = useState(false)

  function skip (event: Event): void {
    event.preventDefault()
    document.querySelector<HTMLElement>('h1')?.focus()
  }

  return (
    <>
      <a class='skip' href='#main' onClick={skip}>{says.skip}</a>
      <header class='top'>
        <a class='brand' href={at(pagePaths.home)}><KeyMark />Kunci</a>
        <Navigation onSignOut={setLate} />
      </header>
      <main id='main'>
        {isLate && <div class='narrow'><Message>{says.signOutLater}</Message></div>}
        {children}
      </main>
    </>
  )
}

/** @param props `onSignOut`: is told whether the server does not know of it yet */
function Navigation ({ onSignOut }: { onSignOut: (isLate: boolean) => void }) {
  const { status } = useAuth()
  const mayManage = useMayManage()
  const { path, route } = useLocation()

  function signOut (): void {
    client.logout().then(() => { onSignOut(false) }, () => { onSignOut(true) })
    route(at(pagePaths.signIn))
  }
  const link = (to: string, text: string) => <a class='plain-link' href={at(to)} aria-current={isWithin(path, at(to)) ? 'page' : undefined}>{text}</a>

  if (status === 'unknown') return null
  if (status === 'signed-out') return <nav aria-label={says.navigation}>{link(pagePaths.signIn, says.toSignIn)}{link(pagePaths.register, says.toRegister)}</nav>
  return (
    <nav aria-label={says.navigation}>
      {link(pagePaths.account, says.toAccount)}
      {mayManage && link(pagePaths.manage, says.toManage)}
      <button class='button text' type='button' onClick={signOut}>{says.signOut}</button>
    </nav>
  )
}

function isWithin (path: string, place: string): boolean {
  return path === place || path.startsWith(`${place}/`)
}
