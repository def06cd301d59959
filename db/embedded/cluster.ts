import { chown, mkdtemp, open, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Binaries } from './binaries.js'
import { runCommand } from './command.js'
import { EmbeddedDatabaseError } from './embedded-database-error.js'
import type { Location } from './location.js'
import { tolerate } from './system-error.js'

/** The bootstrap user and the database of every cluster. */
export const userName = 'kunci'

export interface InitialiseOptions {
  binaries: Binaries
  location: Location
  /** Password of the user; it reaches initdb in a file that is gone when this returns. */
  password: string
  /** Whether the new files are flushed to disk. */
  sync: boolean
}

/**
 * Makes a cluster in a temporary folder beside its place and renames it there, so that it is there whole or not at all. If
 * another process was faster, its cluster stays.
 * @throws EmbeddedDatabaseError if initdb fails
 */
export async function initialise ({ binaries, location: { home, folder, account }, password, sync }: InitialiseOptions): Promise<void> {
  const temporary = await mkdtemp(join(home, `.postgres-init-${process.pid}-`))
  try {
    const passwordFile = join(temporary, 'password')
    await writeFile(passwordFile, `${password}\n`, { flag: 'wx', mode: 0o600 })
    if (account !== undefined) {
      await chown(passwordFile, account.uid, account.gid)
      await chown(temporary, account.uid, account.gid)
    }
    const data = join(temporary, 'data')
    await runCommand(join(binaries.folder, 'bin', 'initdb'), [
      '-D', data, `--username=${userName}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8',
      '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C', ...(sync ? [] : ['--no-sync'])
    ], { account, cwd: binaries.folder }).catch(fail)
    await unlink(passwordFile)
    await rename(data, folder).catch(tolerate('ENOTEMPTY', 'EEXIST'))
    if (sync) await flushFolder(home)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/**
 * @param location where the cluster lies
 * @param binaries what is going to run it
 * @throws EmbeddedDatabaseError if there is no cluster, or one of another major version
 */
export async function checkVersion ({ folder }: Location, { version }: Binaries): Promise<void> {
  const made = (await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(tolerate('ENOENT')))?.trim()
  const [major] = version.split('.')
  if (made === undefined) throw new EmbeddedDatabaseError(`${folder} is neither empty nor a PostgreSQL data folder: move it away`)
  if (made !== major) {
    throw new EmbeddedDatabaseError(`${folder} was made by PostgreSQL ${made} and the installed one is PostgreSQL ${major}: dump and restore it, or set DATABASE_URL`)
  }
}

function fail (error: unknown): never {
  const output = error instanceof Error && 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : ''
  const reason = output !== '' ? output.split('\n').slice(-5).join(' | ') : error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
  throw new EmbeddedDatabaseError(`initdb failed: ${reason}`, { cause: error })
}

async function flushFolder (folder: string): Promise<void> {
  const handle = await open(folder).catch(tolerate('EISDIR', 'EPERM', 'EACCES'))
  await handle?.sync().catch(tolerate('EINVAL', 'EPERM', 'EISDIR'))
  await handle?.close()
}
