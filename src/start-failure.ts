import { EmbeddedDatabaseError } from '../db/embedded/embedded-database-error.js'
import { databaseFailure } from '../db/failure.js'
import { PoolerError } from '../db/pooler.js'
import { ConfigError } from './config/variable.js'
import { SigningKeysLockedError } from './domain/signing-keys.js'

/** The socket could not be opened. */
export class ListenError extends Error {}

/** What the commonest codes mean for whoever sets the variables. */
const meanings: Readonly<Record<string, string>> = {
  '28P01': 'it refuses the password',
  28000: 'it refuses the user',
  '08P01': 'it, or a pooler before it, does not speak as expected; PgBouncer must ignore the startup parameters statement_timeout, lock_timeout and idle_in_transaction_session_timeout',
  '3D000': 'it has no database of that name',
  42501: 'the user lacks the rights',
  25006: 'it is a standby, which takes no writes',
  '55P03': 'others held what was needed for too long',
  57014: 'it did not answer in time',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it closed the connection, perhaps because of sslmode',
  ENOTFOUND: 'there is no host of that name',
  EAI_AGAIN: 'the host name could not be looked up',
  CONNECT_TIMEOUT: 'it does not answer'
}

/**
 * @param database the variable's value, of which only host and port are shown
 * @returns why a start failed: one line for what can be foreseen, the stack for what nobody foresaw
 */
export function startFailure (error: unknown, database: string | undefined): string {
  return foreseenFailure(error, database) ?? (error instanceof Error ? error.stack ?? error.message : String(error))
}

/** @returns the line for what can be foreseen, undefined for what nobody foresaw */
export function foreseenFailure (error: unknown, database: string | undefined): string | undefined {
  if (error instanceof ConfigError || error instanceof SigningKeysLockedError || error instanceof EmbeddedDatabaseError || error instanceof PoolerError || error instanceof ListenError) {
    return `kunci: ${error.message}`
  }
  const failure = databaseFailure(error)
  if (failure === undefined) return undefined
  const place = database === undefined ? 'the embedded database' : `the database at ${new URL(database).host}`
  const meaning = meanings[failure.code]
  return `kunci: ${place} cannot be used: ${meaning === undefined ? failure.code : `${meaning} (${failure.code})`}`
}
