import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { verify } from '@node-rs/argon2'
import { hashPassword } from '../src/domain/password-hash.js'
import { PASSWORD, type Population } from './population.js'

const run = promisify(execFile)

/** @returns how many argon2id hashes of Kunci's parameters this machine compares a second, one at a time on each core */
export async function argon2Rate (seconds: number): Promise<number> {
  const hash = hashPassword(PASSWORD)
  const began = performance.now()
  let compared = 0
  await Promise.all(Array.from({ length: availableParallelism() }, async () => {
    while (performance.now() - began < seconds * 1000) {
      await verify(hash, PASSWORD)
      compared++
    }
  }))
  return compared / (performance.now() - began) * 1000
}

/** The reference's rotation, addressed like its own. */
const rotation = (population: Population) => `\\set n random(0, ${population.sessions - 1})
update reference.sessions set secret_hash = sha256(:n::text::bytea), rotated_at = now() where id = bench.row_id('session', :n) and expires_at > now() returning user_id;
`

/**
 * @param connections at once
 * @returns the rotation's UPDATE a second by pgbench, without any server; undefined where there is no pgbench
 */
export async function pgbenchRate (databaseUrl: string, population: Population, seconds: number, connections: number): Promise<number | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'kunci-pgbench-'))
  try {
    const script = join(folder, 'rotation.sql')
    await writeFile(script, rotation(population))
    const { stdout } = await run('pgbench', ['--no-vacuum', '--protocol=prepared', `--client=${connections}`, '--jobs=1', `--time=${seconds}`, `--file=${script}`, databaseUrl])
    return Number(/tps = ([\d.]+)/.exec(stdout)?.[1])
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
