import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One folder a checkout, outside of it: root's checkout may lie where PostgreSQL's account cannot go. */
const name = createHash('sha256').update(process.cwd()).digest('hex').slice(0, 12)
export const clusterFolder = join(tmpdir(), `kunci-test-${name}`)

export const TEMPLATE = 'kunci_template'

const urlFile = join(clusterFolder, 'url')

export async function rememberCluster (url: string): Promise<void> {
  await mkdir(clusterFolder, { recursive: true })
  await writeFile(urlFile, url, { mode: 0o600 })
}

/** @returns the postgres:// URL of the server that this test run uses */
export async function clusterUrl (): Promise<string> {
  return process.env['TEST_DATABASE_URL'] ?? await readFile(urlFile, 'utf8')
}

export async function forgetCluster (): Promise<void> {
  await rm(clusterFolder, { recursive: true, force: true })
}

/** A run that was killed while it deleted its cluster leaves one behind that nothing can start. */
export async function forgetHalfDeleted (): Promise<void> {
  await access(join(clusterFolder, 'postgres', 'PG_VERSION')).catch(forgetCluster)
}
