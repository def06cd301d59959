import { chmod, chown, mkdir, mkdtemp, realpath, rename, rmdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { EmbeddedDatabaseError } from './embedded-database-error.js'
import { findObstacle } from './reachability.js'
import { claimStagedHome, findStagedHome, holdsCluster, recordedHome } from './staged-home.js'
import { hasCode, tolerate } from './system-error.js'
import { type Account, unprivilegedAccount } from './unprivileged-account.js'

export interface Location {
  /** Real path of the operator's data folder: password and log lie in it. */
  dataDir: string
  /** Real path of the folder around PostgreSQL's own: `dataDir`, or a staged one. */
  home: string
  /** PostgreSQL's own data folder, `postgres` in the home. */
  folder: string
  /** Whether there is a cluster in it. */
  initialised: boolean
  /** Who PostgreSQL runs as; undefined: as this process. */
  account: Account | undefined
}

/**
 * Decides where the data lie. A cluster that exists is used where it is. A new one lies in the data folder, or, when this process
 * is root and the account that PostgreSQL runs as can't reach the data folder, in a staged home.
 * @param path the operator's data folder; it is made if it does not exist
 * @throws EmbeddedDatabaseError if the cluster belongs to another account, or no account for it can be found
 */
export async function locate (path: string): Promise<Location> {
  const asRoot = process.getuid?.() === 0
  const dataDir = await prepareDataDir(path, asRoot)
  if (await holdsCluster(join(dataDir, 'postgres'))) return await existingCluster(dataDir, dataDir)
  if (!asRoot) {
    const elsewhere = await recordedHome(dataDir)
    if (elsewhere !== undefined) throw anothers(join(elsewhere, 'postgres'), dataDir)
    return { dataDir, home: dataDir, folder: join(dataDir, 'postgres'), initialised: false, account: undefined }
  }
  const stagedHome = await findStagedHome(dataDir)
  if (await holdsCluster(join(stagedHome, 'postgres'))) {
    const found = await existingCluster(dataDir, stagedHome)
    if (found.account !== undefined) await claimStagedHome(stagedHome, dataDir, found.account)
    return found
  }
  if (await isGone(stagedHome, dataDir)) {
    throw new EmbeddedDatabaseError(`the embedded database of ${dataDir} was in ${stagedHome}, which is gone: restore it, or remove ${join(dataDir, 'postgres.location')} to begin with an empty one`)
  }
  const account = await unprivilegedAccount()
  const staged = await recordedHome(dataDir) === stagedHome || await findObstacle(dataDir, account) !== undefined
  if (staged) await claimStagedHome(stagedHome, dataDir, account)
  const home = staged ? stagedHome : dataDir
  return { dataDir, home, folder: join(home, 'postgres'), initialised: false, account }
}

/**
 * Looks, and makes nothing.
 * @param path the operator's data folder
 * @returns whether there is a database for it, be it one that this process cannot use
 */
export async function hasEmbeddedDatabase (path: string): Promise<boolean> {
  try {
    const dataDir = await realpath(path)
    if (await holdsCluster(join(dataDir, 'postgres')) || await recordedHome(dataDir) !== undefined) return true
    return process.getuid?.() === 0 && await holdsCluster(join(await findStagedHome(dataDir), 'postgres'))
  } catch (error) {
    tolerate('ENOENT', 'ENOTDIR', 'EACCES')(error)
    return hasCode(error, 'EACCES')
  }
}

/** As root the new folder belongs to the group of PostgreSQL's account, which may pass through it and not list it; nobody else may. */
async function prepareDataDir (path: string, asRoot: boolean): Promise<string> {
  if (await stat(path).catch(tolerate('ENOENT')) !== undefined) return await realpath(path)
  await mkdir(dirname(path), { recursive: true })
  if (!asRoot) {
    await mkdir(path, { mode: 0o700 }).catch(tolerate('EEXIST'))
    return await realpath(path)
  }
  // Renamed into place when it is complete: another start must not find it closed and stage the data.
  const { gid } = await unprivilegedAccount()
  const temporary = await mkdtemp(join(dirname(path), '.kunci-'))
  await chown(temporary, 0, gid)
  await chmod(temporary, 0o710)
  await rename(temporary, path).catch(async (error: unknown) => {
    await rmdir(temporary)
    tolerate('ENOTEMPTY', 'EEXIST')(error)
  })
  return await realpath(path)
}

/** The place is written down only after it was made, so it has been removed or is not mounted. */
async function isGone (stagedHome: string, dataDir: string): Promise<boolean> {
  return await recordedHome(dataDir) === stagedHome && await stat(stagedHome).catch(tolerate('ENOENT')) === undefined
}

async function existingCluster (dataDir: string, home: string): Promise<Location> {
  const folder = await realpath(join(home, 'postgres'))
  const { uid, gid } = await stat(folder)
  const user = process.getuid?.()
  if (user === 0 && uid === 0) throw new EmbeddedDatabaseError(`${folder} belongs to root, as whom PostgreSQL refuses to run: give it to another account`)
  if (user !== undefined && user !== 0 && user !== uid) throw anothers(folder, dataDir)
  return { dataDir, home, folder, initialised: true, account: user === 0 ? { uid, gid } : undefined }
}

function anothers (folder: string, dataDir: string): EmbeddedDatabaseError {
  return new EmbeddedDatabaseError(`the embedded database of ${dataDir} lies in ${folder} and belongs to another account: run Kunci as the user who made it, or set DATABASE_URL`)
}
