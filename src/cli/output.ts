import type { Command } from 'commander'
import type { Page } from '../domain/administration/lists.js'

export type Cell = string | number | boolean | Date | null

/** What moves a terminal's cursor, changes its colours or turns the reading direction: people choose their names themselves. */
const UNSEEN = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu

/** @returns a text in which everything can be seen, in one line */
export function visible (text: string): string {
  return text.replace(UNSEEN, character => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
}

/**
 * Prints a page of a list: a table, or with `--json` the document `{ rows, next }`.
 *
 * @param command the one that was run
 * @param columns what stands in each, by its heading
 */
export function printList<Row> (command: Command, { rows, next }: Page<Row>, columns: Readonly<Record<string, (row: Row) => Cell>>): void {
  const cells = Object.values(columns)
  print(command, { rows, next }, () => aligned([Object.keys(columns), ...rows.map(row => cells.map(cell => textOf(cell(row))))]))
  // Apart from the table, which may be on its way to another program.
  if (next !== null && command.opts<OutputOptions>().json !== true) command.configureOutput().writeErr?.(`there is more: --cursor ${next}\n`)
}

/** Prints one thing: a line for each of its parts, or with `--json` the document. */
export function printRecord (command: Command, document: unknown, parts: Readonly<Record<string, Cell>>): void {
  print(command, document, () => aligned(Object.entries(parts).map(([name, cell]) => [name, textOf(cell)])))
}

/** Prints what was done: in sentences, or with `--json` as a document. */
export function printDone (command: Command, document: unknown, sentences: readonly string[]): void {
  print(command, document, () => sentences.map(visible))
}

/** Prints lines as they are, or with `--json` the document. */
export function print (command: Command, document: unknown, lines: () => readonly string[]): void {
  // An escape of JSON's own is the same text to whoever parses it.
  const printed = command.opts<OutputOptions>().json === true ? [visible(JSON.stringify(document))] : lines()
  command.configureOutput().writeOut?.(printed.map(line => `${line}\n`).join(''))
}

interface OutputOptions {
  json?: true
}

function aligned (lines: readonly string[][]): string[] {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map(line => lengthOf(line[column]))))
  return lines.map(line => line.map((text, column) => text + ' '.repeat((widths[column] ?? 0) - lengthOf(text))).join('  ').trimEnd())
}

function lengthOf (text = ''): number {
  return [...text].length
}

function textOf (cell: Cell): string {
  if (cell === null || cell === '') return '-'
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no'
  return cell instanceof Date ? cell.toISOString() : visible(String(cell))
}
