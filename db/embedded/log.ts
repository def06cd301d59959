import { constants } from 'node:fs'
import { type FileHandle, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { tolerate } from './system-error.js'

const largestLog = 10 * 1024 * 1024

/**
 * Opens the server's log (`postgres.log`, mode 0600) to write at its end; one of 10 MiB is first put aside as `postgres.log.old`.
 * @param dataDir real path of the operator's data folder
 * @returns the open file, the caller's to close
 */
export async function openLog (dataDir: string): Promise<FileHandle> {
  const path = join(dataDir, 'postgres.log')
  // A link in its place must not lead a server that runs as root to another file.
  const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0)
  const log = await open(path, flags, 0o600)
  if ((await log.stat()).size < largestLog) return log
  await log.close()
  await rename(path, `${path}.old`).catch(tolerate('ENOENT'))
  return await open(path, flags, 0o600)
}

/**
 * @param dataDir real path of the operator's data folder
 * @param start where to begin at the earliest, in bytes
 * @param pid prefer what this process wrote, when others have written to the log at the same time
 * @returns the last lines of the server's log, ten at most
 */
export async function lastLogLines (dataDir: string, start = 0, pid?: number): Promise<string> {
  const log = await open(join(dataDir, 'postgres.log')).catch(tolerate('ENOENT'))
  try {
    const size = (await log?.stat())?.size ?? 0
    const tail = Buffer.alloc(Math.max(0, Math.min(size - start, 64 * 1024)))
    await log?.read(tail, 0, tail.length, size - tail.length)
    const lines = tail.toString('utf8').trim().split('\n')
    const own = lines.filter((line) => line.includes(` [${pid}] `))
    return (own.length > 0 ? own : lines).slice(-10).join('\n')
  } finally {
    await log?.close()
  }
}
