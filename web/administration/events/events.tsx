import type { EventType } from '../../../src/domain/audit.js'
import { says } from '../../language.js'
import { api, type Event } from '../api.js'
import { withNames } from '../names.js'
import { usePages } from '../paging.js'
import { AccountFilter } from '../parts/account-filter.js'
import { AccountName } from '../parts/account-name.js'
import { Page, Time } from '../parts/page.js'
import { PagedTable } from '../parts/paged-table.js'
import { useQuery } from '../query.js'
import { tells } from '../sentences.js'
import { useStanding } from '../standing.js'
import { EventDetails } from './event-details.js'
import { EventFilter } from './event-filter.js'

export function Events () {
  const { may } = useStanding()
  const [{ user, type, from, to }, ask] = useQuery()
  const pages = usePages(
    async (cursor, signal) => await withNames(await api.events({ user_id: user, type, from, to, cursor }, signal), event => [event.userId, event.actorId], may('users.read'), signal),
    JSON.stringify([user, type, from, to])
  )
  return (
    <Page title={tells.events.title} text={tells.events.text}>
      <section class='card' aria-label={tells.events.title}>
        <AccountFilter user={user} onChoose={user => { ask({ user }) }} />
        <EventFilter filter={{ type, from, to }} onChoose={ask} />
        <PagedTable
          caption={tells.events.text} nothing={tells.events.nothing} pages={pages} keyOf={({ row }) => row.id}
          columns={[
            { name: tells.events.what, cell: ({ row }) => <What event={row} /> },
            { name: tells.account, cell: ({ row, names }) => row.userId === null ? undefined : <AccountName id={row.userId} names={names} /> },
            { name: tells.events.by, cell: ({ row, names }) => <By event={row} names={names} /> },
            { name: tells.events.when, cell: ({ row }) => <Time at={row.createdAt} /> }
          ]}
        />
      </section>
    </Page>
  )
}

function What ({ event }: { event: Event }) {
  return (
    <span class='two-lines'>
      <span>{says.events[event.type as EventType] ?? event.type}</span>
      <EventDetails event={event} />
    </span>
  )
}

/** Who did it, where that is another than the account that it is about. */
function By ({ event: { actorId, reason }, names }: { event: Event, names: Parameters<typeof AccountName>[0]['names'] }) {
  if (actorId !== null) return <AccountName id={actorId} names={names} />
  return <span class='quiet'>{reason === 'command line' ? tells.reasons[reason] : '–'}</span>
}
