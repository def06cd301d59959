import { Route, Router, useLocation } from 'preact-iso/router'
import { useEffect } from 'preact/hooks'
import type { FunctionComponent } from 'preact'
import { pagePaths } from '../../src/page-paths.js'
import { OnlySignedIn } from '../components/only-signed-in.js'
import { Title } from '../components/title.js'
import { NotFound } from '../pages/not-found.js'
import { at } from '../settings.js'
import { Events } from './events/events.js'
import { Invitations } from './invitations.js'
import { Outlets } from './outlets.js'
import { OutcomeProvider } from './parts/outcome.js'
import { Roles } from './roles/roles.js'
import { sections } from './sections.js'
import { Sessions } from './sessions/sessions.js'
import { StandingProvider, useStanding } from './standing.js'
import { tells } from './sentences.js'
import { User } from './users/user.js'
import { Users } from './users/users.js'
import './administration.css'

type Section = typeof sections[keyof typeof sections]

const pages: ReadonlyArray<readonly [string, Section, FunctionComponent]> = [
  [pagePaths.manageUsers, sections.users, Users],
  [pagePaths.manageUser, sections.users, User],
  [pagePaths.manageRoles, sections.roles, Roles],
  [pagePaths.manageOutlets, sections.outlets, Outlets],
  [pagePaths.manageInvitations, sections.invitations, Invitations],
  [pagePaths.manageSessions, sections.sessions, Sessions],
  [pagePaths.manageEvents, sections.events, Events]
]

/** The pages of administration, loaded by whoever opens one. */
export default function Administration () {
  return <OnlySignedIn>{accountId => <StandingProvider key={accountId} accountId={accountId}><OutcomeProvider><Sections /></OutcomeProvider></StandingProvider>}</OnlySignedIn>
}

function Sections () {
  const { may } = useStanding()
  const { path } = useLocation()
  const seen = Object.values(sections).filter(({ takes }) => takes.some(may))
  if (seen[0] === undefined) return <Nothing />
  const first = seen[0].path
  return (
    <div class='wide has-side administration'>
      <nav class='side' aria-label={tells.navigation}>
        <ul>
          {seen.map(section => (
            <li key={section.path}><a href={at(section.path)} aria-current={path.startsWith(at(section.path)) ? 'page' : undefined}>{section.title}</a></li>
          ))}
        </ul>
      </nav>
      <div class='content'>
        <Router>
          <Route path='/' component={First} to={at(first)} />
          {pages.map(([path, section, Part]) => <Route key={path} path={path.slice(pagePaths.manage.length)} component={Allowed} section={section} part={Part} />)}
          <Route default component={NotFound} />
        </Router>
      </div>
    </div>
  )
}

function First ({ to }: { to: string }) {
  const { route } = useLocation()
  useEffect(() => { route(to, true) }, [])
  return <h1 class='only-heard'>{tells.navigation}</h1>
}

/** A page for whoever may see it, and for everybody else which permission it takes. */
function Allowed ({ section: { takes, title }, part: Part }: { section: Section, part: FunctionComponent }) {
  const { may } = useStanding()
  if (takes.some(may)) return <Part />
  return <div class='card'><Title>{title}</Title><p>{tells.forbidden(takes[0])}</p></div>
}

function Nothing () {
  return (
    <div class='narrow'>
      <div class='card'>
        <div class='heading'>
          <Title>{tells.nothing.title}</Title>
          <p class='quiet'>{tells.nothing.text}</p>
        </div>
      </div>
    </div>
  )
}
