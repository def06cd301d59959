import type { Database } from './client.js'

/**
 * Prepares a statement once for each database that it is asked for on: building it anew with every request costs
 * more than running it.
 *
 * @param build makes the statement, ending in `.prepare('its_name')`; the name is unique in the process
 * @returns the statement of the given database
 */
export function preparedOnce<Statement> (build: (db: Database) => Statement): (db: Database) => Statement {
  const statements = new WeakMap<Database, Statement>()
  return db => {
    const known = statements.get(db)
    if (known !== undefined) return known
    const statement = build(db)
    statements.set(db, statement)
    return statement
  }
}
