import type { SourceLine } from '../../domain/account-import/import-problem.js'
import { importFields } from '../../domain/account-import/imported-account.js'
import { ImportFileError } from './file.js'
import type { TextLine } from './lines.js'

/**
 * Reads CSV (RFC 4180) whose first line names the fields. No field of an account can hold a line break, so each line is a record: a
 * quote that is left open spoils its own line and not the rest of the file.
 *
 * @throws ImportFileError when the first line is no such header
 */
export async function * readCsv (lines: AsyncIterable<TextLine>): AsyncGenerator<SourceLine> {
  let header: string[] | undefined
  for await (const read of lines) {
    const { line } = read
    const cells = 'text' in read ? splitCells(read.text) : undefined
    if (header === undefined) header = requireHeader(cells)
    else if ('rule' in read) yield { line, problems: [{ field: '', rule: read.rule }] }
    else if (cells === undefined) yield { line, problems: [{ field: '', rule: 'quotes' }] }
    else if (cells.length !== header.length) yield { line, problems: [{ field: '', rule: 'columns' }] }
    else yield { line, fields: Object.fromEntries(header.map((name, place) => [name, readCell(name, cells[place] ?? '')])) }
  }
}

/** @returns undefined where a quote is not at its place */
function splitCells (text: string): string[] | undefined {
  const cells: string[] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y
  for (let isLast = false; !isLast;) {
    const found = cell.exec(text)
    if (found === null) return undefined
    const [, quoted, bare = '', end] = found
    cells.push(quoted?.replaceAll('""', '"') ?? bare)
    isLast = end === ''
  }
  return cells
}

/** What stands in a first line that is no header may be a hash: only one that names the email is repeated. */
function requireHeader (cells: string[] | undefined): string[] {
  const names = cells?.map(cell => cell.trim()) ?? []
  if (!names.includes('email')) throw new ImportFileError('begins with no header: its first line names the fields, email among them, separated by commas')
  const unknown = names.find(name => !importFields.some(field => field === name))
  if (unknown !== undefined) throw new ImportFileError(`has a field that is not known, ${JSON.stringify(unknown.slice(0, 40))}: it takes ${importFields.join(', ')}`)
  if (new Set(names).size < names.length) throw new ImportFileError('names a field twice in its header')
  return names
}

function readCell (name: string, cell: string): unknown {
  if (cell === '') return undefined
  switch (name) {
    case 'roles': return cell.split('|')
    case 'disabled':
    case 'email_verified': return /^t(?:rue)?$/i.test(cell) ? true : /^f(?:alse)?$/i.test(cell) ? false : cell
    default: return cell
  }
}
