import { useLayoutEffect, useRef } from 'preact/hooks'
import { Message } from '../../components/message.js'
import { language, says } from '../../language.js'
import type { Pages } from '../paging.js'
import { tells } from '../sentences.js'
import { type Column, Table } from './table.js'

interface PagedTableProps<Row> {
  caption: string
  columns: ReadonlyArray<Column<Row>>
  pages: Pages<Row>
  keyOf: (row: Row) => string
  /** what is said where the list is empty */
  nothing: string
}

const numbers = new Intl.NumberFormat(language)

/** A list that is read part by part: what is there, what there is further, and why something is not there. */
export function PagedTable<Row> ({ caption, columns, pages: { rows, trouble, isBusy, hasMore, more, reload }, keyOf, nothing }: PagedTableProps<Row>) {
  const body = useRef<HTMLTableSectionElement>(null)
  /** the number of rows when further ones were asked for */
  const before = useRef<number>(undefined)

  // With its last part the button goes, and the focus with it.
  useLayoutEffect(() => {
    const from = before.current
    if (from === undefined || rows === undefined || rows.length <= from) return
    before.current = undefined
    if (!hasMore) body.current?.rows[from]?.cells[0]?.focus()
  }, [rows])

  function onMore (): void {
    before.current = rows?.length
    more()
  }

  return (
    <div class='list'>
      {rows?.length === 0
        ? <p class='nothing quiet'>{nothing}</p>
        : (rows !== undefined || trouble === undefined) && <Table caption={caption} columns={columns} rows={rows} keyOf={keyOf} isBusy={isBusy} body={body} />}
      <Message isBad>{trouble?.message}</Message>
      <div class='actions'>
        {trouble !== undefined && <button class='button second' type='button' onClick={reload}>{says.again}</button>}
        {trouble === undefined && hasMore && <button class='button second' type='button' aria-busy={isBusy} onClick={onMore}>{isBusy ? says.busy : tells.more}</button>}
        <p class='quiet small' role='status'>{rows === undefined || isBusy ? <span class='only-heard'>{says.waiting}</span> : rows.length > 0 && tells.shown(numbers.format(rows.length))}</p>
      </div>
    </div>
  )
}
