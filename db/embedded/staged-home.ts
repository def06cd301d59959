import { createHash } from 'node:crypto'
import { access, chmod, chown, lstat, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { EmbeddedDatabaseError } from './embedded-database-error.js'
import { prepareStagingRoot, stagingRoot } from './staging.js'
import { hasCode, tolerate } from './system-error.js'
import type { Account } from './unprivileged-account.js'

/**
 * Finds the staged home of a data folder: the one that its `postgres.location` names, else the one that bears its name. A cluster
 * of that name is left alone when the data folder remembers neither place nor password: it belonged to one that has been removed.
 *
 * Three reads in this order make starts at the same moment agree, since `claimStagedHome` writes the place before the password is
 * made and the password is made before the cluster is put there.
 * @param dataDir real path of the data folder
 * @returns path of the home, which may not exist yet
 */
export async function findStagedHome (dataDir: string): Promise<string> {
  const name = stagedHomeName(dataDir)
  let free = name
  for (let number = 2; await holdsCluster(join(free, 'postgres')); number++) free = `${name}-${number}`
  const hasPassword = await exists(join(dataDir, 'postgres-password'))
  const recorded = await recordedHome(dataDir)
  if (recorded !== undefined && !await isAnothers(recorded, dataDir)) return recorded
  return recorded === undefined && hasPassword ? name : free
}

/**
 * @param dataDir real path of a data folder
 * @returns the home that its `postgres.location` names, if that is one below the staging root
 */
export async function recordedHome (dataDir: string): Promise<string | undefined> {
  const home = dirname((await readText(join(dataDir, 'postgres.location'))) ?? '')
  return dirname(home) === stagingRoot ? home : undefined
}

/**
 * Makes the home unless it is there, and lets home and data folder name each other.
 * @param home as `findStagedHome` returned it
 * @param dataDir real path of the data folder
 * @param account who may pass through the home, which stays root's
 * @throws EmbeddedDatabaseError if the home or the staging root is not root's own
 */
export async function claimStagedHome (home: string, dataDir: string, account: Account): Promise<void> {
  await prepareStagingRoot()
  await mkdir(home, { mode: 0o700 }).catch(tolerate('EEXIST'))
  const status = await lstat(home)
  if (!status.isDirectory() || status.uid !== 0) throw new EmbeddedDatabaseError(`${home} is not a folder of root's: remove it or set DATABASE_URL`)
  await chown(home, 0, account.gid)
  await chmod(home, 0o710)
  await writeFile(join(home, 'data-dir'), `${dataDir}\n`, { mode: 0o600 })
  await writeFile(join(dataDir, 'postgres.location'), `${join(home, 'postgres')}\n`)
}

/**
 * @param folder where PostgreSQL's data would lie
 * @returns whether there is a cluster; also if it is one that this process may not look into
 */
export async function holdsCluster (folder: string): Promise<boolean> {
  return await exists(join(folder, 'PG_VERSION'))
}

function stagedHomeName (dataDir: string): string {
  const readable = `${basename(dirname(dataDir))}-${basename(dataDir)}`.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 40)
  return join(stagingRoot, `${readable}-${createHash('sha256').update(dataDir).digest('hex').slice(0, 12)}`)
}

/** A data folder that was moved takes its home along; a copy does not, as long as the original still names that home. */
async function isAnothers (home: string, dataDir: string): Promise<boolean> {
  const owner = await readText(join(home, 'data-dir'))
  return owner !== undefined && owner !== dataDir && await recordedHome(owner) === home
}

async function readText (path: string): Promise<string | undefined> {
  return (await readFile(path, 'utf8').catch(tolerate('ENOENT', 'ENOTDIR')))?.trim()
}

async function exists (path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch (error) {
    tolerate('ENOENT', 'ENOTDIR', 'EACCES')(error)
    return hasCode(error, 'EACCES')
  }
}
