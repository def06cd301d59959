import { useState } from 'preact/hooks'
import type { HistoryEntry } from '../../src/client/client.js'
import type { EventType } from '../../src/domain/audit.js'
import { Loaded } from '../components/loaded.js'
import { Message } from '../components/message.js'
import { Title } from '../components/title.js'
import { moment, says } from '../language.js'
import { useLoading } from '../loading.js'
import { type Trouble, troubleOf } from '../problems.js'
import { client } from '../session.js'
import { describeUserAgent } from '../user-agent.js'

const PAGE = 20

export function History () {
  const loading = useLoading(async () => await client.history({ limit: PAGE }))
  const [isComplete, setComplete] = useState(false)
  const [trouble, setTrouble] = useState<Trouble>()

  async function more (shown: HistoryEntry[]): Promise<void> {
    setTrouble(undefined)
    try {
      const before = shown.at(-1)?.id
      const older = await client.history({ limit: PAGE, ...before === undefined ? {} : { before } })
      loading.set([...shown, ...older])
      setComplete(older.length < PAGE)
    } catch (error) {
      setTrouble(troubleOf(error))
    }
  }

  return (
    <>
      <div class='heading'>
        <Title>{says.history.title}</Title>
        <p class='quiet'>{says.history.text}</p>
      </div>
      <section class='card' aria-label={says.history.title}>
        <Loaded of={loading}>
          {entries => (
            <>
              {entries.length === 0 && <p class='quiet'>{says.history.nothing}</p>}
              <ol class='rows'>{inRows(entries).map(row => <Row key={row.entry.id} {...row} />)}</ol>
              <Message isBad>{trouble?.message}</Message>
              {entries.length >= PAGE && !isComplete && (
                <div class='actions'><button class='button second' type='button' onClick={() => { void more(entries) }}>{says.history.more}</button></div>
              )}
            </>
          )}
        </Loaded>
      </section>
    </>
  )
}

interface HistoryRow {
  /** the latest of them */
  entry: HistoryEntry
  count: number
}

/** What happened again and again, as sessions are renewed, is one row. */
function inRows (entries: readonly HistoryEntry[]): HistoryRow[] {
  const rows: HistoryRow[] = []
  for (const entry of entries) {
    const last = rows.at(-1)
    if (last !== undefined && isAlike(last.entry, entry)) last.count++
    else rows.push({ entry, count: 1 })
  }
  return rows
}

function isAlike (one: HistoryEntry, other: HistoryEntry): boolean {
  return one.type === other.type && one.contract === other.contract && one.ip === other.ip && one.userAgent === other.userAgent
}

function Row ({ entry: { type, contract, ip, userAgent, createdAt }, count }: HistoryRow) {
  const details = [userAgent === null ? null : describeUserAgent(userAgent), ip, contract].filter(part => part !== null).join(' · ')
  return (
    <li>
      <div class='about'>
        <p class='name'>{says.events[type as EventType] ?? type} {count > 1 && <span class='badge'>{says.history.times(String(count))}</span>}</p>
        <p class='quiet small'>{details}</p>
      </div>
      <time class='quiet small' dateTime={createdAt}>{moment(createdAt)}</time>
    </li>
  )
}
