import { drizzle, type PostgresJsDatabase, type PostgresJsQueryResultHKT } from 'drizzle-orm/postgres-js'
import type { PgDatabase } from 'drizzle-orm/pg-core'
import postgres from 'postgres'
import { withDenseRows } from './dense-rows.js'
import { withoutStrayTransactions } from './stray-transactions.js'

/** The pool, as Drizzle sees it. */
export type Database = PostgresJsDatabase

/** The pool or one open transaction on it. */
export type Executor = PgDatabase<PostgresJsQueryResultHKT>

export interface DatabaseConnection {
  db: Database
  /** Waits for the statements under way, at most five seconds, then closes the pool. */
  close: () => Promise<void>
}

/** More connections than the cores can serve make each of them slower. */
const POOL_SIZE = 10

/** How many statements may be sent ahead on one connection: where one reaches the driver's limit and is BEGIN, its transaction is lost. */
const unlimited = { max_pipeline: Number.MAX_SAFE_INTEGER }

/**
 * Opens a pool on a PostgreSQL database. Connections are made when first needed.
 *
 * @param url postgres:// URL
 */
export function openDatabase (url: string): DatabaseConnection {
  const client = postgres(url, {
    max: POOL_SIZE,
    connection: {
      application_name: 'kunci',
      // No statement and no lock is waited for without end, and no transaction stays open behind a client that died.
      statement_timeout: 10_000,
      lock_timeout: 5000,
      idle_in_transaction_session_timeout: 15_000
    },
    connect_timeout: 5,
    ...unlimited,
    // The driver's own back-off grows to 20 s: a database that is back must be found back within a second.
    backoff: attempt => Math.min(0.05 * 2 ** attempt, 1),
    onnotice: () => {}
  })
  return {
    db: drizzle(withDenseRows(withoutStrayTransactions(client, POOL_SIZE)), { casing: 'snake_case' }),
    close: async () => await client.end({ timeout: 5 })
  }
}
