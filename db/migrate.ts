import { dirname } from 'node:path'
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

/** @returns how many migrations the database lacks, those of a newer version not counted */
export async function countPendingMigrations (url: string): Promise<number> {
  const client = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} })
  try {
    const [table] = await client`select to_regclass('drizzle.__drizzle_migrations') is not null as exists`
    const applied = table?.['exists'] === true ? await client`select hash from drizzle.__drizzle_migrations` : []
    const hashes = new Set(applied.map(row => row['hash']))
    return readMigrationFiles({ migrationsFolder }).filter(migration => !hashes.has(migration.hash)).length
  } finally {
    await client.end({ timeout: 5 })
  }
}

/**
 * Brings the database to the newest schema. Several instances may call it at once.
 *
 * @param url postgres:// URL of a direct connection (session-level locks do not pass a transaction pooler)
 */
export async function migrateDatabase (url: string): Promise<void> {
  const client = postgres(url, { max: 1, connect_timeout: 5, connection: { application_name: 'kunci migrate' }, onnotice: () => {} })
  try {
    const db = drizzle(client)
    await db.execute(sql`select pg_advisory_lock(${MIGRATION_LOCK})`)
    await migrate(db, { migrationsFolder })
  } finally {
    await client.end({ timeout: 5 })
  }
}
