import { randomBytes, randomUUID } from 'node:crypto'
import { link, mkdir, readFile, stat, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError } from './config/variable.js'

/** 32 random bytes as hexadecimal digits: whatever else stands in the file was not made here, or not written to its end. */
const FORM = /^[0-9a-f]{64}$/

/**
 * Reads the secret that an installation without `AUTH_SECRET` generated for itself, or generates it now. Of several
 * that start at once all get the same.
 *
 * @param dataDir the folder that keeps it, made when missing
 * @throws ConfigError when the folder cannot be written, the file is not whole, or others than its owner may read it
 */
export async function generatedSecret (dataDir: string): Promise<string> {
  const path = join(dataDir, 'auth-secret')
  const known = await readSecret(path)
  if (known !== undefined) return known
  try {
    await publish(path, dataDir)
  } catch (error) {
    throw new ConfigError(`DATA_DIR was ${JSON.stringify(dataDir)}, but takes a folder that can be written (${error instanceof Error && 'code' in error ? String(error.code) : 'failed'})`)
  }
  return await readSecret(path) ?? await generatedSecret(dataDir)
}

/** @returns the secret that an installation generated for itself, undefined where it has not yet */
export async function knownSecret (dataDir: string): Promise<string | undefined> {
  return await readSecret(join(dataDir, 'auth-secret'))
}

async function publish (path: string, dataDir: string): Promise<void> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  // Written whole under another name and then linked: nobody ever reads half a secret, and the first link wins.
  const draft = `${path}.${randomUUID()}`
  await writeFile(draft, randomBytes(32).toString('hex'), { mode: 0o600, flag: 'wx', flush: true })
  try {
    await link(draft, path)
  } catch (error) {
    if (!isSystemError(error, 'EEXIST')) throw error
  } finally {
    await unlink(draft)
  }
}

async function readSecret (path: string): Promise<string | undefined> {
  try {
    const text = (await readFile(path, 'utf8')).trim()
    if (!FORM.test(text)) throw new ConfigError(`AUTH_SECRET was not set, and ${path} holds no generated secret: restore it, or set AUTH_SECRET`)
    const { mode } = await stat(path)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) throw new ConfigError(`AUTH_SECRET was not set, and others may read ${path}: chmod 600 it, or set AUTH_SECRET`)
    return text
  } catch (error) {
    if (isSystemError(error, 'ENOENT') || isSystemError(error, 'ENOTDIR')) return undefined
    throw error
  }
}

function isSystemError (error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
