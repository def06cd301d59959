import { once } from 'node:events'
import { type Database, openDatabase } from '../../db/client.js'
import { readDatabaseClock } from '../../db/clock.js'
import { hasEmbeddedDatabase } from '../../db/embedded/location.js'
import { listPendingMigrations } from '../../db/migrate.js'
import { type ResolvedDatabase, resolveDatabase } from '../../db/resolve.js'
import { generatedSecret } from '../auth-secret.js'
import type { Config } from '../config.js'
import type { Actor } from '../domain/administration/standing.js'
import type { Secrets } from '../domain/signing-keys.js'
import { Interrupted, Refusal } from './refusal.js'

/** Who does what is done here: whoever has the configuration may do everything. */
export const commandLine: Actor = { accountId: null, requester: null }

export interface Installation {
  db: Database
  /** the database's time, like that of every server on it */
  now: Date
  /** the configured ones, or the one that the installation generated for itself */
  secrets: () => Promise<Secrets>
}

/**
 * Does a piece of work on the installation's database. An embedded one is joined where the server runs, and started and stopped
 * again where it does not, also when a signal ends the command.
 *
 * @throws Refusal where there is no database yet or it lacks migrations: neither is made by a command that was asked for something else
 * @throws EmbeddedDatabaseError, Interrupted, the database's own errors, or those of the work
 */
export async function onInstallation<Result> (config: Config, work: (installation: Installation) => Promise<Result>): Promise<Result> {
  await requireDatabase(config)
  return await onDatabase(config, async ({ url, directUrl }, interruption) => {
    const { length: pending } = await listPendingMigrations(directUrl)
    if (pending > 0) throw new Refusal(`${pending} migration${pending === 1 ? ' is' : 's are'} to come on this database: run kunci migrate first (--dry-run shows what it would do)`)
    const { db, close } = openDatabase(url)
    try {
      interruption.throwIfAborted()
      return await Promise.race([
        work({ db, now: await readDatabaseClock(db), secrets: async () => config.secrets ?? [await generatedSecret(config.dataDir)] }),
        interrupted(interruption)
      ])
    } finally {
      await close()
    }
  })
}

/**
 * Gives the work the database as it is, started or joined if it is the embedded one, and leaves it again.
 *
 * @param work `interruption` is aborted, with {@link Interrupted}, when a signal asks the command to end
 */
export async function onDatabase<Result> ({ databaseUrl, databaseDirectUrl, dataDir }: Config, work: (database: ResolvedDatabase, interruption: AbortSignal) => Promise<Result>): Promise<Result> {
  const interruption = new AbortController()
  const interrupt = (signal: NodeJS.Signals) => { interruption.abort(new Interrupted(signal)) }
  const signals = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const
  for (const signal of signals) process.once(signal, interrupt)
  try {
    const database = await resolveDatabase({ url: databaseUrl, directUrl: databaseDirectUrl, dataDir })
    try {
      interruption.signal.throwIfAborted()
      return await work(database, interruption.signal)
    } finally {
      await database.stop()
    }
  } finally {
    for (const signal of signals) process.off(signal, interrupt)
  }
}

/** @throws Refusal where the embedded database has not been made: a command that only looks must not make one, perhaps in the wrong folder */
export async function requireDatabase ({ databaseUrl, dataDir }: Config): Promise<void> {
  if (databaseUrl === undefined && !await hasEmbeddedDatabase(dataDir)) {
    throw new Refusal(`there is no database in DATA_DIR ${dataDir} yet: start the server or run kunci migrate, or name the installation by DATA_DIR or DATABASE_URL`)
  }
}

async function interrupted (signal: AbortSignal): Promise<never> {
  await once(signal, 'abort')
  throw signal.reason
}
