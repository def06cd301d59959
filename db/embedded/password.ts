import { randomBytes } from 'node:crypto'
import { link, open, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedDatabaseError } from './embedded-database-error.js'
import { tolerate } from './system-error.js'

/**
 * The password of the database user, kept in `postgres-password` (mode 0600).
 * @param dataDir real path of the data folder
 * @param initialised whether the database exists, whose password can't be made up any more
 * @returns the password: 32 characters of base64url when made here
 * @throws EmbeddedDatabaseError if the database exists and its password does not, or if others may know it
 */
export async function readPassword (dataDir: string, initialised: boolean): Promise<string> {
  const path = join(dataDir, 'postgres-password')
  const kept = await readSecret(path)
  if (kept !== undefined && kept !== '') return kept
  if (initialised || kept === '') {
    throw new EmbeddedDatabaseError(`the password of the embedded database is missing: restore ${path}, or set DATABASE_URL`)
  }
  await publish(path, dataDir)
  return await readSecret(path) ?? ''
}

async function readSecret (path: string): Promise<string | undefined> {
  const file = await open(path).catch(tolerate('ENOENT'))
  try {
    if (file !== undefined && !isPrivate(await file.stat())) {
      throw new EmbeddedDatabaseError(`${path} must belong to the user who runs Kunci and be closed to others: chmod 600 ${path}`)
    }
    return (await file?.readFile('utf8'))?.trim()
  } finally {
    await file?.close()
  }
}

function isPrivate ({ uid, mode }: { uid: number, mode: number }): boolean {
  const user = process.getuid?.()
  return user === undefined || ((user === 0 || user === uid) && (mode & 0o077) === 0)
}

/** A link is made whole or not at all, and never over another: who loses a race reads the winner's password. */
async function publish (path: string, dataDir: string): Promise<void> {
  const temporary = join(dataDir, `.postgres-password-${process.pid}-${randomBytes(6).toString('hex')}`)
  await writeFile(temporary, `${randomBytes(24).toString('base64url')}\n`, { flag: 'wx', mode: 0o600, flush: true })
  try {
    await link(temporary, path).catch(tolerate('EEXIST'))
  } finally {
    await unlink(temporary)
  }
}
