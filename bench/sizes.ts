import { mkdir } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import postgres from 'postgres'
import type { Options } from './options.js'
import { measureOverload, type Overload } from './overload.js'
import { pathsOf } from './paths.js'
import { populate, type Population } from './population.js'
import { measurePath, type PathResult } from './rounds.js'
import { startKunci, startReference } from './sides.js'
import { type Rotated, rotateMany } from './rotations.js'

/** The database exists (`duplicate_database`). */
const EXISTS = '42P04'

export interface SizeResult {
  population: Population
  paths: PathResult[]
  /** bytes resident before any load */
  idle: { kunci: number, reference: number }
  /** milliseconds from the start of the process until it was ready */
  startedIn: { kunci: number, reference: number }
  /** what many rotations did to the tables, where that was asked for */
  table: Rotated[] | undefined
  overload: Overload | undefined
}

export interface FilledDatabase {
  url: string
  population: Population
  drop: () => Promise<void>
}

/** Fills a database with so many sessions, unless it is already. */
export async function fillDatabase (cluster: string, size: number, log: (line: string) => void): Promise<FilledDatabase> {
  const name = `kunci_bench_${size}`
  const url = new URL(cluster)
  url.pathname = name
  const run = async (statement: string) => {
    const admin = postgres(cluster, { max: 1, onnotice: () => {} })
    await admin.unsafe(statement).catch((error: unknown) => { if (!(error instanceof postgres.PostgresError && error.code === EXISTS)) throw error })
    await admin.end()
  }
  await run(`create database ${name}`)
  return { url: url.href, population: await populate(url.href, size, log), drop: async () => { await run(`drop database ${name} with (force)`) } }
}

/** Measures what is asked for on one database. */
export async function measureOn ({ url: databaseUrl, population }: FilledDatabase, options: Options, folder: string, log: (line: string) => void): Promise<SizeResult> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  if (options.profile !== undefined) await mkdir(options.profile, { recursive: true })
  const sides = { databaseUrl, sql, population, folder, profile: options.profile }
  const kunci = await startKunci(sides)
  const reference = await startReference(sides)
  try {
    await delay(1000)
    const idle = { kunci: (await kunci.server.sample()).rss, reference: (await reference.server.sample()).rss }
    const known = pathsOf(population, options.connections, sql)
    const paths: PathResult[] = []
    for (const name of options.paths) {
      const path = Object.values(known).find(path => path.name === name)
      if (path !== undefined) paths.push(await measurePath(path, kunci, reference, { ...options, population, databaseUrl, log }))
    }
    const table = options.rotations === 0 ? undefined : await rotateMany(kunci, known.refresh, sql, options.rotations, log)
    const overload = options.overload ? await measureOverload(kunci, known, options.seconds, log) : undefined
    return { population, paths, idle, startedIn: { kunci: kunci.server.startedIn, reference: reference.server.startedIn }, table, overload }
  } finally {
    await kunci.server.stop()
    await reference.server.stop()
    await sql.end()
  }
}
