import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import { type Binaries, resolveBinaries, restoreLinks } from './binaries.js'
import { checkVersion, initialise, userName } from './cluster.js'
import { EmbeddedDatabaseError } from './embedded-database-error.js'
import { type Launch, launch } from './launch.js'
import { removeLeftovers } from './leftovers.js'
import { hasEmbeddedDatabase, type Location, locate } from './location.js'
import { lastLogLines } from './log.js'
import { readPassword } from './password.js'
import { discardStalePidFile, findPostmaster, type Postmaster, readPidFile, stopPostmaster } from './postmaster.js'
import { createDatabase, enter, type Presence } from './presence.js'
import { canRun, findObstacle } from './reachability.js'
import { stageBinaries } from './staging.js'
import { hasCode } from './system-error.js'

export { EmbeddedDatabaseError }

export interface EmbeddedDatabase {
  /** postgres:// URL on 127.0.0.1, with the password in it. */
  url: string
  /** Leaves the cluster; whoever leaves last stops the server. It can be called again. */
  stop: () => Promise<void>
}

const patience = 60_000
/** Failures that pass: a port taken since it was looked at, another start, processes of a killed server that are still ending. */
const passing = /could not bind|pre-existing shared memory block|lock file "postmaster\.pid"/

/**
 * Starts a PostgreSQL server for a data folder, or joins the one that another process runs on it or a killed one has left behind.
 * The server outlives this process unless `stop` is called; the next start joins it then.
 * @param options.dataDir folder for password, log and data; it is made if it does not exist
 * @param options.settings server settings by name, in PostgreSQL's own notation and units, over the defaults; a joined server keeps its own
 * @returns the database, which accepts connections
 * @throws EmbeddedDatabaseError with a message for the operator, if it can't be had within 60 seconds
 */
export async function startEmbeddedDatabase ({ dataDir, settings = {} }: { dataDir: string, settings?: Record<string, string> }): Promise<EmbeddedDatabase> {
  try {
    const binaries = resolveBinaries()
    const location = await locate(dataDir)
    const password = await readPassword(location.dataDir, location.initialised)
    await removeLeftovers(location.dataDir)
    if (location.home !== location.dataDir) await removeLeftovers(location.home)
    if (!location.initialised) {
      await initialise({ binaries: await usableBinaries(binaries, location), location, password, sync: settings.fsync !== 'off' })
    }
    await checkVersion(location, binaries)
    return await reach(binaries, location, settings, password)
  } catch (error) {
    if (error instanceof EmbeddedDatabaseError) throw error
    if (hasCode(error, 'EACCES') && await hasEmbeddedDatabase(dataDir)) throw new EmbeddedDatabaseError(`the embedded database of ${dataDir} is closed to this account: run Kunci as the user who made it, or set DATABASE_URL`, { cause: error })
    throw new EmbeddedDatabaseError(`the embedded database does not start: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/** Starting and joining are one loop: whoever finds no server launches one, and everybody enters through the pid file. */
async function reach (binaries: Binaries, location: Location, settings: Record<string, string>, password: string): Promise<EmbeddedDatabase> {
  const deadline = Date.now() + patience
  let launched: Launch | undefined
  let refusal: unknown
  for (; Date.now() < deadline; await delay(10)) {
    const postmaster = await findPostmaster(location.folder)
    if (postmaster?.status === 'ready' && postmaster.port !== undefined) {
      const url = `postgres://${userName}:${encodeURIComponent(password)}@127.0.0.1:${postmaster.port}/${userName}`
      const presence = await tryToEnter(url, location).catch((error: unknown) => { refusal = error })
      if (refusal instanceof EmbeddedDatabaseError) {
        if (launched !== undefined) await stopPostmaster(location.folder)
        throw refusal
      }
      if (presence === undefined) continue
      if (await isStillReady(postmaster, location)) return { url, stop: leaveOnce(presence, location) }
      await presence.close()
    } else if (postmaster === undefined && (launched === undefined || launched.ended() !== undefined)) {
      if (launched !== undefined) await considerFailure(launched)
      await discardStalePidFile(location.folder)
      const preferredPort = (await readPidFile(location.folder))?.port
      launched = await launch({ binaries: await usableBinaries(binaries, location), location, settings, preferredPort })
    }
  }
  const lines = await lastLogLines(location.dataDir)
  throw new EmbeddedDatabaseError(`the embedded database was not ready within ${patience / 1000} seconds: ${lines}`, { cause: refusal })
}

async function considerFailure (launched: Launch): Promise<void> {
  // Another user entered it first, left as the last one and so stopped it.
  if (launched.ended() === 'exit code 0') return
  const lines = await launched.lastLines()
  if (!passing.test(lines)) throw new EmbeddedDatabaseError(`PostgreSQL stopped at its start (${launched.ended()}): ${lines}`)
  await delay(100)
}

async function usableBinaries (binaries: Binaries, { account, folder, initialised }: Location): Promise<Binaries> {
  if (account !== undefined) {
    const obstacle = initialised ? await findObstacle(folder, account) : undefined
    if (obstacle !== undefined) {
      throw new EmbeddedDatabaseError(`the account that owns the database in ${folder} can't pass through ${obstacle}: let it, or set DATABASE_URL`)
    }
    if (!await canRun(binaries, account)) return await stageBinaries(binaries)
  }
  await restoreLinks(binaries)
  return binaries
}

async function tryToEnter (url: string, { dataDir }: Location): Promise<Presence> {
  try {
    return await enter(url)
  } catch (error) {
    const code = error instanceof postgres.PostgresError ? error.code : undefined
    if (code === '28P01') throw new EmbeddedDatabaseError(`the password in ${dataDir}/postgres-password does not open the embedded database: restore it, or set DATABASE_URL`)
    if (code !== '3D000') throw error
    await createDatabase(url)
    return await enter(url)
  }
}

/** The lock may have been had from one who was stopping the server; the server writes that down before it ends any session. */
async function isStillReady ({ pid }: Postmaster, { folder }: Location): Promise<boolean> {
  const now = await findPostmaster(folder)
  return now?.pid === pid && now.status === 'ready'
}

function leaveOnce (presence: Presence, { folder }: Location): () => Promise<void> {
  let left: Promise<void> | undefined
  const leave = async () => {
    try {
      if (await presence.leave()) await stopPostmaster(folder)
    } finally {
      await presence.close()
    }
  }
  return async () => await (left ??= leave())
}
