import type { HashRefusal } from '../foreign-hashes.js'

/** What can be wrong with one field of a line, or with the line as a whole. */
export type ImportRule =
  | 'boolean'
  | 'columns'
  | 'email'
  | 'encoding'
  | 'json'
  | 'line_too_long'
  | 'name'
  | 'outlet'
  | 'phone'
  | 'quotes'
  | 'repeated'
  | 'required'
  | 'role'
  | 'roles'
  | 'taken'
  | 'text'
  | 'time'
  | 'unknown'
  | 'username'
  | 'uuid'
  | HashRefusal

export interface ImportProblem {
  /** the field's name; empty for the line as a whole */
  field: string
  rule: ImportRule
  /** the earlier line that says the same, where it is `repeated` */
  earlier?: number
}

/** A line of the file, read. */
export type SourceLine = { line: number } & ({ fields: Readonly<Record<string, unknown>> } | { problems: readonly ImportProblem[] })

/** A line that cannot be imported. */
export interface BadLine {
  line: number
  problems: ImportProblem[]
}
