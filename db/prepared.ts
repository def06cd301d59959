import type { Executor } from './client.js'

/**
 * Prepares a statement once for each database or transaction that it is asked for on: building it anew with every request
 * costs more than running it.
 *
 * @param build makes the statement, ending in `.prepare('its_name')`; the name is unique in the process
 * @returns the statement of the given database
 */
export function preparedOnce<Statement> (build: (db: Executor) => Statement): (db: Executor) => Statement {
  const statements = new WeakMap<Executor, Statement>()
  return db => {
    const known = statements.get(db)
    if (known !== undefined) return known
    const statement = build(db)
    statements.set(db, statement)
    return statement
  }
}
