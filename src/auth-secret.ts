import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Reads the secret that an installation without `AUTH_SECRET` generated for itself, or generates it now. Of several
 * that start at once all get the same.
 *
 * @param dataDir the folder that keeps it, made when missing
 * @returns 64 hexadecimal digits
 */
export async function generatedSecret (dataDir: string): Promise<string> {
  const path = join(dataDir, 'auth-secret')
  const known = await readExisting(path)
  if (known !== undefined) return known
  await mkdir(dataDir, { recursive: true })
  // Written whole under another name and then linked: nobody ever reads half a secret, and the first link wins.
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx' })
  try {
    await link(draft, path)
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
  return await readFile(path, 'utf8')
}

async function readExisting (path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined
    throw error
  }
}

function isSystemError (error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
