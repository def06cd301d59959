import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, readlink, rename, rm, stat, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { type Binaries, restoreLinks } from './binaries.js'
import { runCommand } from './command.js'
import { EmbeddedDatabaseError } from './embedded-database-error.js'
import { tolerate } from './system-error.js'

/** Where root keeps what the account of PostgreSQL can't reach elsewhere. */
export const stagingRoot = '/var/lib/kunci'

/**
 * Makes the staging root if it does not exist.
 * @throws EmbeddedDatabaseError if it is not a folder that root alone can write to: whoever else owned it could replace what root runs
 */
export async function prepareStagingRoot (): Promise<void> {
  await mkdir(stagingRoot, { recursive: true, mode: 0o755 }).catch(tolerate('EEXIST'))
  const status = await lstat(stagingRoot)
  if (!status.isDirectory() || status.uid !== 0 || (status.mode & 0o022) !== 0) {
    throw new EmbeddedDatabaseError(`${stagingRoot} is not a folder that root alone can write to: correct it or set DATABASE_URL`)
  }
  await chmod(stagingRoot, 0o755)
}

/**
 * Copies the PostgreSQL programs to where every account can run them, unless they are there already.
 * @returns the copy
 * @throws EmbeddedDatabaseError as `prepareStagingRoot` does
 */
export async function stageBinaries (binaries: Binaries): Promise<Binaries> {
  await prepareStagingRoot()
  const root = join(stagingRoot, `postgresql-${binaries.version}-${binaries.platform}`)
  const staged = { ...binaries, folder: join(root, 'native') }
  if (await lstat(root).catch(tolerate('ENOENT')) !== undefined) return staged
  const temporary = await mkdtemp(join(stagingRoot, `.postgres-copy-${process.pid}-`))
  try {
    await copyReadable(binaries.folder, join(temporary, 'native'))
    await restoreLinks({ ...binaries, folder: join(temporary, 'native') })
    await chmod(temporary, 0o755)
    // Written out before it gets its name, so that a power cut does not leave empty programs under it.
    await runCommand('sync', ['-f', temporary]).catch(() => undefined)
    await rename(temporary, root).catch(tolerate('ENOTEMPTY', 'EEXIST'))
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
  return staged
}

async function copyReadable (from: string, to: string): Promise<void> {
  await mkdir(to)
  await chmod(to, 0o755)
  await Promise.all((await readdir(from, { withFileTypes: true })).map(async (entry) => {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) await copyReadable(source, target)
    else if (entry.isSymbolicLink()) await symlink(await readlink(source), target)
    else if (!entry.name.endsWith('.a')) {
      await copyFile(source, target)
      await chmod(target, ((await stat(source)).mode & 0o100) === 0 ? 0o644 : 0o755)
    }
  }))
}
