import type { ComponentChildren, RefObject } from 'preact'
import { tells } from '../sentences.js'

export interface Column<Row> {
  name: string
  cell: (row: Row) => ComponentChildren
  /** `acts`: buttons, whose heading is only heard */
  kind?: 'acts'
}

export interface TableProps<Row> {
  /** says what it lists; only heard */
  caption: string
  /** the first one names the row */
  columns: ReadonlyArray<Column<Row>>
  /** undefined while they are on their way */
  rows: readonly Row[] | undefined
  keyOf: (row: Row) => string
  isBusy?: boolean
  body?: RefObject<HTMLTableSectionElement | null>
}

const PLACES = [1, 2, 3, 4, 5, 6, 7, 8]

/** A table, whose rows are cards on a narrow screen. Roles are written out, since what lays them out as cards takes them away. */
export function Table<Row> ({ caption, columns, rows, keyOf, isBusy = false, body }: TableProps<Row>) {
  const cell = ({ name, kind }: Column<Row>, content: ComponentChildren) => <td key={name} role='cell' class={kind} data-label={kind === undefined ? name : undefined}>{content}</td>
  return (
    <table class='table' role='table' aria-busy={isBusy}>
      <caption class='only-heard'>{caption}</caption>
      <thead role='rowgroup'>
        <tr role='row'>
          {columns.map(({ name, kind }) => <th key={name} scope='col' role='columnheader' class={kind}><span class={kind === undefined ? undefined : 'only-heard'}>{name}</span></th>)}
        </tr>
      </thead>
      <tbody role='rowgroup' ref={body ?? null}>
        {rows === undefined
          ? PLACES.map(place => <tr key={place} role='row' class='place'>{columns.map(column => cell(column, <span class='bone' aria-hidden='true' />))}</tr>)
          : rows.map(row => (
            <tr key={keyOf(row)} role='row'>
              {columns.map((column, at) => {
                const content = column.cell(row) ?? <span class='quiet'>{tells.none}</span>
                return at === 0 ? <th key={column.name} scope='row' role='rowheader' tabIndex={-1}>{content}</th> : cell(column, content)
              })}
            </tr>
          ))}
      </tbody>
    </table>
  )
}
