import { DrizzleQueryError } from 'drizzle-orm/errors'
import postgres from 'postgres'

export interface DatabaseFailure {
  /** SQLSTATE or the driver's code, such as 23505 or ECONNREFUSED */
  code: string
  constraint: string | undefined
  /** whether the database could not be reached or cannot take work now, rather than refused a statement */
  isOutage: boolean
}

const driverOutages = new Set(['UNSAFE_TRANSACTION', 'CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'CONNECTION_ENDED', 'CONNECT_TIMEOUT', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** What ends a connection, or refuses one, whatever its SQLSTATE. */
const fatal = new Set(['FATAL', 'PANIC'])

/**
 * SQLSTATE classes 08 (connection), 53 (out of resources), 57P (shut down, starting up); 57014 and 55P03: not in time;
 * 40001 and 40P01: one of two at once had to give way; 25006: a standby, not a primary.
 */
const sqlOutages = /^(?:08...|53...|57P0.|57014|55P03|40001|40P01|25006)$/

/** @returns what a database error is, without anything that it says of the statement or its parameters; undefined for any other error */
export function databaseFailure (error: unknown): DatabaseFailure | undefined {
  const cause = error instanceof DrizzleQueryError ? error.cause : error
  if (cause instanceof postgres.PostgresError) {
    return { code: cause.code, constraint: cause.constraint_name, isOutage: fatal.has(cause.severity) || sqlOutages.test(cause.code) }
  }
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
  if (code !== undefined && driverOutages.has(code)) return { code, constraint: undefined, isOutage: true }
  return error instanceof DrizzleQueryError ? { code: code ?? 'unknown', constraint: undefined, isOutage: false } : undefined
}

/** @returns where an error comes from, at most eight lines, without its message, which may hold lines that look like these */
export function framesOf (error: unknown): string[] {
  if (!(error instanceof Error)) return []
  const { message, stack = '' } = error
  const end = stack.indexOf(message)
  return end === -1 ? [] : stack.slice(end + message.length).split('\n').map(line => line.trim()).filter(line => line !== '').slice(0, 8)
}
