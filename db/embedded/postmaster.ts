import { randomBytes } from 'node:crypto'
import { readFile, rename, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { EmbeddedDatabaseError } from './embedded-database-error.js'
import { tolerate } from './system-error.js'

/** What the server writes into `postmaster.pid`, line by line, while it starts, runs and stops. */
export interface Postmaster {
  pid: number
  port: number | undefined
  /** `starting`, `ready`, `stopping`, or empty when not written yet. */
  status: string
}

/**
 * @param folder PostgreSQL's data folder
 * @returns what its pid file says, whether that is still true or not
 */
export async function readPidFile (folder: string): Promise<Postmaster | undefined> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(tolerate('ENOENT'))
  const [pid, , , port, , , , status = ''] = text?.split('\n') ?? []
  // A negative pid is a single-user session's.
  return pid === undefined || Number(pid) === 0 ? undefined : { pid: Math.abs(Number(pid)), port: Number(port) || undefined, status: status.trim() }
}

/**
 * @param folder PostgreSQL's data folder
 * @returns the server that is alive on it, ready or not
 */
export async function findPostmaster (folder: string): Promise<Postmaster | undefined> {
  const postmaster = await readPidFile(folder)
  return postmaster !== undefined && isAlive(postmaster.pid) && await isPostgres(postmaster.pid) ? postmaster : undefined
}

/**
 * Stops the server cleanly (PostgreSQL's fast shutdown: sessions are ended, everything is flushed) and waits until it is gone.
 * @param folder PostgreSQL's data folder; nothing happens if no server is alive on it
 * @throws EmbeddedDatabaseError if it is still there after a minute
 */
export async function stopPostmaster (folder: string): Promise<void> {
  const postmaster = await findPostmaster(folder)
  if (postmaster === undefined) return
  signal(postmaster.pid, 'SIGINT')
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await delay(10)) {
    if ((await findPostmaster(folder))?.pid !== postmaster.pid) return
  }
  throw new EmbeddedDatabaseError(`the embedded PostgreSQL (process ${postmaster.pid}) did not stop within 60 seconds`)
}

/**
 * Removes a pid file whose process id now belongs to another program, as after a reboot. PostgreSQL recognises only those whose
 * process is gone, and would take this one for a server.
 * @param folder PostgreSQL's data folder
 */
export async function discardStalePidFile (folder: string): Promise<void> {
  const stale = await readPidFile(folder)
  if (stale === undefined || !isAlive(stale.pid) || await isPostgres(stale.pid)) return
  // Looked at again under a name of its own: meanwhile a server may have been started by another process.
  const path = join(folder, 'postmaster.pid')
  const aside = `${path}.${randomBytes(6).toString('hex')}`
  await rename(path, aside).catch(tolerate('ENOENT'))
  const text = await readFile(aside, 'utf8').catch(tolerate('ENOENT'))
  if (text === undefined) return
  if (Math.abs(Number(text.split('\n')[0])) === stale.pid) await unlink(aside)
  else await rename(aside, path)
}

/** A process of another account is no server on data of this one: only root sees several, and root may signal all. */
function isAlive (pid: number): boolean {
  return signal(pid, 0)
}

/** Where the system has no /proc every living process counts; a zombie's command line is empty. */
async function isPostgres (pid: number): Promise<boolean> {
  const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined)
  return commandLine === undefined || basename(commandLine.split('\0')[0] ?? '').startsWith('postgres')
}

function signal (pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch (error) {
    tolerate('ESRCH', 'EPERM')(error)
    return false
  }
}
