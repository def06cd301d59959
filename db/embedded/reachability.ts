import { realpath, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Binaries } from './binaries.js'
import type { Account } from './unprivileged-account.js'

/**
 * Walks the folders from the root to a path, links resolved, for the right to pass through them.
 * @param path an existing folder or program
 * @param account who wants to reach it
 * @returns the first folder or file that this account may not pass through or run, or undefined if there is none
 */
export async function findObstacle (path: string, account: Account): Promise<string | undefined> {
  for (const step of lineage(await realpath(path))) {
    if (!await mayExecute(step, account)) return step
  }
  return undefined
}

/**
 * @param binaries the PostgreSQL programs
 * @param account who wants to run them
 * @returns whether this account can reach all of them; a restrictive umask at installation closes their inner folders
 */
export async function canRun ({ folder }: Binaries, account: Account): Promise<boolean> {
  for (const part of ['bin/postgres', 'bin/initdb', 'lib/postgresql', 'share/postgresql/timezone']) {
    if (await findObstacle(join(folder, part), account) !== undefined) return false
  }
  return true
}

function lineage (path: string): string[] {
  const parent = dirname(path)
  return parent === path ? [path] : [...lineage(parent), path]
}

async function mayExecute (path: string, { uid, gid }: Account): Promise<boolean> {
  const status = await stat(path)
  const bit = status.uid === uid ? 0o100 : status.gid === gid ? 0o010 : 0o001
  return (status.mode & bit) !== 0
}
