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

/** Fills a database with so many sessions, unless it is already, and measures on it. */
export async function measureSize (cluster: string, size: number, options: Options, folder: string, log: (line: string) => void): Promise<SizeResult> {
  const name = `kunci_bench_${size}`
  const admin = postgres(cluster, { max: 1, onnotice: () => {} })
  const [known] = await admin`select from pg_database where datname = ${name}`
  if (known === undefined) await admin.unsafe(`create database ${name}`)
  const url = new URL(cluster)
  url.pathname = name
  try {
    return await measureOn(url.href, await populate(url.href, size, log), options, folder, log)
  } finally {
    if (!options.keep) await admin.unsafe(`drop database ${name} with (force)`)
    await admin.end()
  }
}

async function measureOn (databaseUrl: string, population: Population, options: Options, folder: string, log: (line: string) => void): Promise<SizeResult> {
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
