import { useLocation } from 'preact-iso/router'
import { pagePaths } from '../../src/page-paths.js'
import { OnlySignedIn } from '../components/only-signed-in.js'
import { says } from '../language.js'
import { at } from '../settings.js'
import { Data } from './data.js'
import { History } from './history.js'
import { Password } from './password.js'
import { Profile } from './profile.js'
import { Sessions } from './sessions.js'

const parts = [
  { path: pagePaths.account, name: says.account.profile, Part: Profile },
  { path: pagePaths.accountPassword, name: says.account.password, Part: Password },
  { path: pagePaths.accountSessions, name: says.account.sessions, Part: Sessions },
  { path: pagePaths.accountHistory, name: says.account.history, Part: History },
  { path: pagePaths.accountData, name: says.account.data, Part: Data }
]

/** The account of whoever is signed in, part by part. */
export function Account () {
  const { path } = useLocation()
  const open = parts.find(part => at(part.path) === path)
  return (
    <div class='wide has-side'>
      <nav class='side' aria-label={says.account.navigation}>
        <ul>
          {parts.map(part => (
            <li key={part.path}><a href={at(part.path)} aria-current={part === open ? 'page' : undefined}>{part.name}</a></li>
          ))}
        </ul>
      </nav>
      <div class='content'>
        {open !== undefined && <OnlySignedIn>{accountId => <open.Part key={accountId} />}</OnlySignedIn>}
      </div>
    </div>
  )
}
