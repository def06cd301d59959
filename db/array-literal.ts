/**
 * Writes an array as PostgreSQL reads it from text (its documentation, section 8.15.6), for statements that are prepared once:
 * Drizzle spreads an array over as many placeholders.
 *
 * @returns such as `{"a","b \"c\"",NULL}`, to be cast by the statement
 */
export function arrayLiteral (values: ReadonlyArray<string | number | boolean | null>): string {
  return `{${values.map(value => value === null ? 'NULL' : `"${String(value).replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`
}
