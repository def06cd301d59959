import postgres from 'postgres'
import { startEmbeddedDatabase } from '../../db/embedded/start.js'
import { migrateDatabase } from '../../db/migrate.js'
import { clusterFolder, forgetHalfDeleted, rememberCluster, TEMPLATE } from './cluster.js'

await forgetHalfDeleted()

/** Starts one server for the whole run, with a migrated template from which each test file's database is copied. */
const url = process.env['TEST_DATABASE_URL'] ?? (await startEmbeddedDatabase({
  dataDir: clusterFolder,
  // What a crash would lose is of no worth here.
  settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' }
})).url
await rememberCluster(url)

const sql = postgres(url, { max: 1, onnotice: () => {} })
const leftOver = await sql`select datname from pg_database where datname like 'kunci\_test\_%' or datname = ${TEMPLATE}`
for (const { datname } of leftOver) await sql.unsafe(`drop database if exists ${datname} with (force)`)
await sql.unsafe(`create database ${TEMPLATE}`)
await sql.end()

const template = new URL(url)
template.pathname = TEMPLATE
await migrateDatabase(template.href)
// The server outlives this process; after.ts stops it.
process.exit()
