import { useLocation } from 'preact-iso/router'
import { useEffect, useId, useState } from 'preact/hooks'
import { api, type User } from '../api.js'
import { nameOf } from '../names.js'
import { usePages } from '../paging.js'
import { userPath } from '../parts/account-name.js'
import { useTell } from '../parts/outcome.js'
import { Badge, Page, Time } from '../parts/page.js'
import { PagedTable } from '../parts/paged-table.js'
import { useQuery } from '../query.js'
import { tells } from '../sentences.js'
import { useStanding } from '../standing.js'
import { NewUser } from './new-user.js'
import { says } from '../../language.js'

/** Milliseconds without a key after which a search begins. */
const TYPED = 250

export function Users () {
  const { may, accountId } = useStanding()
  const { route } = useLocation()
  const tell = useTell()
  const [{ search = '' }, ask] = useQuery()
  const [isAdding, setAdding] = useState(false)
  const pages = usePages(async (cursor, signal) => await api.users({ search, cursor }, signal), search)

  function onAdded ({ id, email }: User): void {
    tell(tells.users.added(email))
    route(userPath(id))
  }

  return (
    <Page
      title={tells.users.title} text={tells.users.text}
      action={may('users.create') && <button class='button' type='button' onClick={() => { setAdding(true) }}>{tells.users.add}</button>}
    >
      <section class='card' aria-label={tells.users.title}>
        <Search value={search} onSearch={search => { ask({ search }) }} />
        <PagedTable
          caption={tells.users.text} nothing={tells.users.nobody} pages={pages} keyOf={user => user.id}
          columns={[
            {
              name: tells.account,
              cell: user => (
                <span class='two-lines'>
                  <span><a href={userPath(user.id)}>{nameOf(user)}</a> {user.id === accountId && <Badge kind='own'>{tells.you}</Badge>}</span>
                  <span class='quiet small'>{[user.email, user.username].filter(part => part !== null && part !== nameOf(user)).join(' · ')}</span>
                </span>
              )
            },
            { name: tells.roles.title, cell: ({ roles }) => roles.filter(role => role.status).map(role => role.name).join(', ') },
            { name: says.outlet, cell: ({ outlet }) => outlet?.name },
            { name: tells.state, cell: user => <State user={user} /> },
            { name: tells.created, cell: ({ createdAt }) => <Time at={createdAt} /> }
          ]}
        />
      </section>
      {isAdding && <NewUser onClose={() => { setAdding(false) }} onAdded={onAdded} />}
    </Page>
  )
}

function Search ({ value, onSearch }: { value: string, onSearch: (text: string) => void }) {
  const id = useId()
  const [typed, type] = useState(value)
  useEffect(() => {
    const text = typed.trim()
    if (text === value) return
    const timer = setTimeout(() => { onSearch(text) }, TYPED)
    return () => { clearTimeout(timer) }
  }, [typed])
  return (
    <form role='search' class='field' onSubmit={event => { event.preventDefault() }}>
      <label for={id}>{tells.users.search}</label>
      <input id={id} class='input' type='search' autocomplete='off' autocapitalize='none' spellcheck={false} maxLength={200} value={typed} onInput={event => { type(event.currentTarget.value) }} />
    </form>
  )
}

/** Whether somebody can sign in with an account. */
export function State ({ user }: { user: User }) {
  if (user.disabledAt !== null) return <Badge kind='warn'>{tells.users.disabled}</Badge>
  if (user.deletionDueAt !== null) return <Badge kind='warn'>{tells.users.leaving}</Badge>
  if (user.emailVerifiedAt === null) return <Badge>{tells.users.unverified}</Badge>
  return <Badge kind='own'>{tells.users.active}</Badge>
}
