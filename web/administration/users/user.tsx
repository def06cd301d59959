import { useLocation, useRoute } from 'preact-iso/router'
import { useState } from 'preact/hooks'
import { pagePaths } from '../../../src/page-paths.js'
import { Loaded } from '../../components/loaded.js'
import { Title } from '../../components/title.js'
import { says } from '../../language.js'
import { type Loading, useLoading } from '../../loading.js'
import { at } from '../../settings.js'
import { api, type Role, type User as Account } from '../api.js'
import { nameOf } from '../names.js'
import { useTell } from '../parts/outcome.js'
import { Badge, Time } from '../parts/page.js'
import { SessionsOf } from '../sessions/sessions-of.js'
import { tells } from '../sentences.js'
import { type MayGive, useStanding } from '../standing.js'
import { Access } from './access.js'
import { EditUser } from './edit-user.js'
import { State } from './users.js'
import { UserRoles } from './user-roles.js'

export interface Shown {
  user: Account
  roles: readonly Role[]
  mayGive: MayGive
}

/** One account: what is known of it, what it may do, where it is signed in, and what can be done about it. */
export function User () {
  const { id = '' } = useRoute().params
  const { giving } = useStanding()
  const loading = useLoading(async (): Promise<Shown> => {
    const [user, roles, mayGive] = await Promise.all([api.user(id), api.roles(), giving()])
    return { user, roles, mayGive }
  }, id)
  return (
    <>
      <p class='small'><a href={at(pagePaths.manageUsers)}>{tells.user.back}</a></p>
      {loading.value === undefined && <Title>{tells.user.title}</Title>}
      <div class='profile-place'><Loaded of={loading}>{shown => <Parts shown={shown} loading={loading} />}</Loaded></div>
    </>
  )
}

function Parts ({ shown, loading }: { shown: Shown, loading: Loading<Shown> }) {
  const { user, roles, mayGive } = shown
  const { may, accountId } = useStanding()
  const { route } = useLocation()
  const tell = useTell()
  // Nobody changes an account that may do more than they.
  const mayChange = user.roles.every(given => !given.status || roles.some(role => role.id === given.id && mayGive(role)))

  function show (changed: Account): void {
    loading.set({ ...shown, user: changed })
  }
  function onRemoved (): void {
    tell(tells.user.removed(nameOf(user)))
    route(at(pagePaths.manageUsers))
  }

  return (
    <div class='content'>
      <div class='heading'>
        <Title>{nameOf(user)}</Title>
        <p class='badges'><State user={user} />{user.id === accountId && <Badge kind='own'>{tells.you}</Badge>}</p>
        {!mayChange && may('users.update') && <p class='quiet'>{tells.user.more}</p>}
      </div>
      <Facts user={user} onEdited={mayChange ? show : undefined} />
      <UserRoles shown={shown} onEdited={mayChange ? show : undefined} />
      {may('sessions.manage') && <SessionsOf userId={user.id} key={String(user.disabledAt)} />}
      {mayChange && (may('users.update') || may('users.delete')) && <Access user={user} onChanged={show} onRemoved={onRemoved} />}
      {may('audit.read') && <p><a href={`${at(pagePaths.manageEvents)}?user=${user.id}`}>{tells.user.events}</a></p>}
    </div>
  )
}

function Facts ({ user, onEdited }: { user: Account, onEdited: ((user: Account) => void) | undefined }) {
  const { may } = useStanding()
  const tell = useTell()
  const [isEditing, setEditing] = useState(false)
  const facts = [
    [says.email, <span key='email' class='badges'>{user.email} {user.emailVerifiedAt !== null && <Badge kind='own'>{tells.user.verified}</Badge>}</span>],
    [says.name, user.name ?? tells.none],
    [says.username, user.username ?? tells.none],
    [tells.user.phone, user.phone ?? tells.none],
    [says.outlet, user.outlet?.name ?? tells.none],
    [tells.user.number, user.number],
    [tells.created, <Time key='created' at={user.createdAt} />],
    [tells.changed, <Time key='changed' at={user.updatedAt} />],
    [tells.user.disabledSince, user.disabledAt !== null && <Time key='disabled' at={user.disabledAt} />],
    [tells.user.deletionDue, user.deletionDueAt !== null && <Time key='deletion' at={user.deletionDueAt} />]
  ] as const
  return (
    <section class='card' aria-label={tells.user.facts}>
      <div class='page-head'>
        <h2>{tells.user.facts}</h2>
        {onEdited !== undefined && may('users.update') && <button class='button second small' type='button' aria-label={tells.user.edit} onClick={() => { setEditing(true) }}>{tells.edit}</button>}
      </div>
      <dl class='facts'>
        {facts.map(([name, value]) => value !== false && <div key={name}><dt>{name}</dt><dd>{value}</dd></div>)}
      </dl>
      {isEditing && (
        <EditUser
          user={user} onClose={() => { setEditing(false) }} onEdited={changed => {
            setEditing(false)
            tell(tells.user.edited)
            onEdited?.(changed)
          }}
        />
      )}
    </section>
  )
}
