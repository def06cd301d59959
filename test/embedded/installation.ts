import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import postgres from 'postgres'
import type { Test } from 'tap'
import { readPidFile, stopPostmaster } from '../../db/embedded/postmaster.js'
import { stagingRoot } from '../../db/embedded/staging.js'

/** Small and without fsync: the machine does not lose power during a test. */
export const quick = { fsync: 'off', shared_buffers: '8MB', max_connections: '20' }

/**
 * A folder that every account can reach, and a data folder's path below it that does not exist yet. What is started on it is
 * stopped, and what was staged for it removed, when the test ends.
 */
export async function newInstallation (t: Test): Promise<{ parent: string, dataDir: string }> {
  const parent = await mkdtemp(join(tmpdir(), 'kunci-embedded-'))
  await chmod(parent, 0o711)
  const dataDir = join(parent, 'checkout', '.data')
  await mkdir(dirname(dataDir))
  t.teardown(async () => {
    await remove(dataDir)
    await rm(parent, { recursive: true })
  })
  return { parent, dataDir }
}

/** Stops and removes the cluster of a data folder. */
export async function remove (dataDir: string): Promise<void> {
  const folder = await clusterOf(dataDir)
  await stopPostmaster(folder)
  if (dirname(dirname(folder)) === stagingRoot) await rm(dirname(folder), { recursive: true, force: true })
}

/** PostgreSQL's own folder, staged or not. */
export async function clusterOf (dataDir: string): Promise<string> {
  const staged = await readFile(join(dataDir, 'postgres.location'), 'utf8').catch(() => undefined)
  return staged?.trim() ?? join(dataDir, 'postgres')
}

/** The server's process id, from its pid file. */
export async function serverOf (dataDir: string): Promise<number> {
  const pid = (await readPidFile(await clusterOf(dataDir)))?.pid
  if (pid === undefined) throw new Error('no server has written its pid file')
  return pid
}

/** One session for one piece of work. */
export async function session<Result> (url: string, work: (sql: postgres.Sql) => Promise<Result>): Promise<Result> {
  const sql = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} })
  try {
    return await work(sql)
  } finally {
    await sql.end({ timeout: 0 })
  }
}

export interface Owner {
  process: ChildProcess
  url: string
  /** Stops its database and ends. */
  leave: () => Promise<void>
}

/** Another process that starts or joins the database of a data folder. */
export async function startElsewhere (t: Test, dataDir: string): Promise<Owner> {
  const child = fork(fileURLToPath(new URL('owner.js', import.meta.url)), [dataDir, JSON.stringify(quick)])
  t.teardown(() => child.kill('SIGKILL'))
  const exit = once(child, 'exit')
  const url = await Promise.race([once(child, 'message'), exit.then(() => { throw new Error('the other process ended before its database was there') })])
  return {
    process: child,
    url: String(url[0]),
    leave: async () => {
      child.send('leave')
      await exit
    }
  }
}

/** Asks again until the answer is yes; fails after ten seconds. */
export async function until (condition: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 10_000; !await condition(); await delay(10)) {
    if (Date.now() > deadline) throw new Error(`still not so after ten seconds: ${condition}`)
  }
}

/** Whether a process is there; one that has ended and that nobody has waited for yet is not. */
export async function isRunning (pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
    return !(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')).includes(') Z ')
  } catch {
    return false
  }
}
