import { api } from '../api.js'
import { withNames } from '../names.js'
import { usePages } from '../paging.js'
import { AccountFilter } from '../parts/account-filter.js'
import { AccountName } from '../parts/account-name.js'
import { Page } from '../parts/page.js'
import { PagedTable } from '../parts/paged-table.js'
import { useQuery } from '../query.js'
import { tells } from '../sentences.js'
import { useStanding } from '../standing.js'
import { sessionColumns } from './columns.js'
import { EndSession } from './end-session.js'

export function Sessions () {
  const { may } = useStanding()
  const [{ user }, ask] = useQuery()
  const pages = usePages(
    async (cursor, signal) => await withNames(await api.sessions({ user_id: user, cursor }, signal), session => [session.userId], may('users.read'), signal),
    user
  )
  return (
    <Page title={tells.sessions.title} text={tells.sessions.text}>
      <section class='card' aria-label={tells.sessions.title}>
        <AccountFilter user={user} onChoose={user => { ask({ user }) }} />
        <PagedTable
          caption={tells.sessions.text} nothing={tells.sessions.nobody} pages={pages} keyOf={({ row }) => row.id}
          columns={[
            { name: tells.account, cell: ({ row, names }) => <AccountName id={row.userId} names={names} /> },
            ...sessionColumns.map(({ cell, ...column }) => ({ ...column, cell: ({ row }: { row: Parameters<typeof cell>[0] }) => cell(row) })),
            { name: tells.acts, kind: 'acts', cell: ({ row }) => <EndSession session={row} onEnded={() => { pages.reload() }} /> }
          ]}
        />
      </section>
    </Page>
  )
}
