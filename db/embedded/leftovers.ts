import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { hasCode } from './system-error.js'

/** Names of temporary files and folders: what for, the process that made it, and what mkdtemp or randomness added. */
const temporaryName = /^\.postgres-(?:init|copy|password)-(\d+)-/

/**
 * Removes the temporary files and folders that processes of Kunci have left behind when they were killed.
 * @param folder where they lie; those of living processes stay
 */
export async function removeLeftovers (folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(temporaryName.exec(name)?.[1])
    // Tried again, since the initdb of a killed process may still be writing there.
    if (Number.isInteger(pid) && !isAlive(pid)) await rm(join(folder, name), { recursive: true, force: true, maxRetries: 10 })
  }
}

function isAlive (pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return hasCode(error, 'EPERM')
  }
}
