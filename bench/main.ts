import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { resolveDatabase } from '../db/resolve.js'
import { measureGrowth } from './growth.js'
import { help, type Options, readOptions } from './options.js'
import { summariseProfiles } from './profiles.js'
import { render, type Report } from './report.js'
import { type FilledDatabase, fillDatabase, measureOn } from './sizes.js'

const log = (line: string) => { process.stderr.write(`${line}\n`) }

let options: Options | undefined
try {
  options = readOptions(process.argv.slice(2))
} catch (error) {
  log(error instanceof Error ? error.message : String(error))
  process.exit(1)
}
if (options === undefined) process.stdout.write(`${help}\n`)
else await measure(options)

async function measure (options: Options): Promise<void> {
  const began = new Date().toISOString()
  const folder = await mkdtemp(join(tmpdir(), 'kunci-bench-'))
  const database = await resolveDatabase({ url: process.env['DATABASE_URL'], directUrl: undefined, dataDir: options.dataDir })
  const filled: FilledDatabase[] = []
  try {
    const machine = await describeMachine(database.url)
    const report: Report = { began, command: ['npm run bench --', ...process.argv.slice(2)].join(' '), machine, sizes: [], growth: [] }
    for (const size of options.sizes) filled.push(await fillDatabase(database.url, size, log))
    for (const one of filled) report.sizes.push(await measureOn(one, options, folder, log))
    if (filled.length > 1) report.growth = await measureGrowth(filled, options, folder, log)
    const text = render(report)
    await mkdir(options.results, { recursive: true })
    const file = join(options.results, began.replaceAll(/[:.]/g, '-'))
    await writeFile(`${file}.json`, `${JSON.stringify(report, undefined, 2)}\n`)
    await writeFile(`${file}.md`, text)
    process.stdout.write(text)
    if (options.profile !== undefined) process.stdout.write(await summariseProfiles(options.profile))
    log(`written to ${file}.md and .json`)
  } finally {
    if (!options.keep) for (const { drop } of filled) await drop()
    await database.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

async function describeMachine (url: string): Promise<Record<string, string>> {
  const sql = postgres(url, { max: 1, onnotice: () => {} })
  const [row] = await sql`select current_setting('server_version') as version, current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit, current_setting('shared_buffers') as buffers`
  await sql.end()
  return {
    machine: `${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GB, shared by server, client and database`,
    'Node.js': process.version,
    PostgreSQL: `${row?.['version']}, fsync ${row?.['fsync']}, synchronous_commit ${row?.['commit']}, shared_buffers ${row?.['buffers']}`,
    Kunci: execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim()
  }
}
