import { useState } from 'preact/hooks'
import { api } from '../api.js'
import { usePages } from '../paging.js'
import { Confirmation } from '../parts/dialog.js'
import { useTell } from '../parts/outcome.js'
import { PagedTable } from '../parts/paged-table.js'
import { tells } from '../sentences.js'
import { sessionColumns } from './columns.js'
import { EndSession } from './end-session.js'

/** Where an account is signed in. */
export function SessionsOf ({ userId }: { userId: string }) {
  const tell = useTell()
  const [isAsking, setAsking] = useState(false)
  const pages = usePages(async (cursor, signal) => await api.sessions({ user_id: userId, cursor, limit: '10' }, signal), userId)

  async function endAll (): Promise<void> {
    const { ended } = await api.endSessions(userId)
    setAsking(false)
    tell(tells.sessions.endedAll(ended))
    pages.reload()
  }

  return (
    <section class='card' aria-label={tells.sessions.title}>
      <div class='page-head'>
        <h2>{tells.sessions.title}</h2>
        {pages.rows !== undefined && pages.rows.length > 0 && <button class='button second small' type='button' onClick={() => { setAsking(true) }}>{tells.sessions.endAll}</button>}
      </div>
      <PagedTable
        caption={tells.sessions.title} nothing={tells.sessions.nobody} pages={pages} keyOf={session => session.id}
        columns={[...sessionColumns, { name: tells.acts, kind: 'acts', cell: session => <EndSession session={session} onEnded={() => { pages.reload() }} /> }]}
      />
      {isAsking && <Confirmation title={tells.sessions.endAllTitle} text={tells.sessions.endAllText} submit={tells.sessions.endAll} onClose={() => { setAsking(false) }} send={endAll} />}
    </section>
  )
}
