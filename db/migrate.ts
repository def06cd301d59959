import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'drizzle-orm'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { drizzle } from 'drizzle-orm/postgres-js'
import { migrate } from 'drizzle-orm/postgres-js/migrator'
import postgres from 'postgres'

/** One number for all instances: whoever holds it migrates, the others wait and then find nothing to do. */
const MIGRATION_LOCK = 4_867_250_001

/** The generated migrations, found through the package's own imports, from the sources and from the build alike. */
const migrationsFolder = dirname(dirname(fileURLToPath(import.meta.resolve('#migrations/meta/_journal.json'))))

/** A generated migration: its name in `drizzle/`, and what it runs. */
export interface Migration {
  name: string
  statements: string[]
}

/**
 * Looks, and changes nothing.
 *
 * @param url undefined for a database that is yet to be made
 * @returns the migrations that the database lacks, in the order in which they would run
 */
export async function listPendingMigrations (url: string | undefined): Promise<Migration[]> {
  if (url === undefined) return pendingAfter(undefined)
  const client = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} })
  try {
    return pendingAfter(await newestApplied(client))
  } finally {
    await client.end({ timeout: 5 })
  }
}

/**
 * Brings the database to the newest schema. Several instances may call it at once.
 *
 * @param url postgres:// URL of a direct connection (session-level locks do not pass a transaction pooler)
 * @returns the names of the migrations that ran
 */
export async function migrateDatabase (url: string): Promise<string[]> {
  const client = postgres(url, { max: 1, connect_timeout: 5, connection: { application_name: 'kunci migrate' }, onnotice: () => {} })
  try {
    const db = drizzle(client)
    await db.execute(sql`select pg_advisory_lock(${MIGRATION_LOCK})`)
    const pending = pendingAfter(await newestApplied(client))
    await migrate(db, { migrationsFolder })
    return pending.map(({ name }) => name)
  } finally {
    await client.end({ timeout: 5 })
  }
}

/** @returns when the newest migration that was applied had been generated, in milliseconds since 1970; undefined where none was */
async function newestApplied (client: postgres.Sql): Promise<number | undefined> {
  const [table] = await client`select to_regclass('drizzle.__drizzle_migrations') is not null as exists`
  if (table?.['exists'] !== true) return undefined
  const [newest] = await client`select max(created_at) as moment from drizzle.__drizzle_migrations`
  return newest?.['moment'] === null ? undefined : Number(newest?.['moment'])
}

/** The migrator's own rule: what was generated after the newest that was applied. */
function pendingAfter (newest: number | undefined): Migration[] {
  const { entries } = JSON.parse(readFileSync(join(migrationsFolder, 'meta', '_journal.json'), 'utf8')) as { entries: Array<{ tag: string }> }
  return readMigrationFiles({ migrationsFolder }).flatMap(({ folderMillis, sql }, at) =>
    newest === undefined || folderMillis > newest ? [{ name: entries[at]?.tag ?? '', statements: sql.map(statement => statement.trim()) }] : [])
}
