import { randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import PostalMime from 'postal-mime'
import postgres from 'postgres'
import type { Test } from 'tap'
import { buildApp } from '../src/app.js'
import { readConfig } from '../src/config.js'
import { contracts } from '../src/contracts.js'
import { createFolder } from './folder.js'
import { clusterUrl, TEMPLATE } from './setup/cluster.js'

export const START = new Date('2026-01-05T08:00:00.000Z')

/** A clock that stands still until it is moved. */
export class TestClock {
  now = START
  readonly read = (): Date => this.now
  advance (seconds: number): void {
    this.now = new Date(this.now.getTime() + seconds * 1000)
  }
}

export interface Kunci {
  app: FastifyInstance
  clock: TestClock
  sql: postgres.Sql
  /** every line that was logged, as text */
  log: string[]
  databaseUrl: string
  dataDir: string
}

/** Makes a database of the test's own from the migrated template; dropped at its end. */
export async function createDatabase (t: Test): Promise<string> {
  const url = new URL(await clusterUrl())
  const admin = postgres(url.href, { max: 1, onnotice: () => {} })
  const name = `kunci_test_${randomUUID().replaceAll('-', '')}`
  await admin.unsafe(`create database ${name} template ${TEMPLATE}`)
  t.teardown(async () => {
    await admin.unsafe(`drop database ${name} with (force)`)
    await admin.end()
  })
  url.pathname = name
  return url.href
}

/** The real application on a database of its own; everything goes with the test. */
export async function build (t: Test, env: Record<string, string> = {}, shared?: { databaseUrl: string, clock: TestClock }): Promise<Kunci> {
  const databaseUrl = shared?.databaseUrl ?? await createDatabase(t)
  const dataDir = await createFolder(t)
  const clock = shared?.clock ?? new TestClock()
  const log: string[] = []
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    DATA_DIR: dataDir,
    AUTH_SECRET: 'a secret for tests alone and of more than 32 bytes',
    RATE_LIMIT: 'off',
    // A machine that is busy with other tests hears its heartbeats late.
    REVOCATION_STALENESS: '60',
    PUBLIC_URL: 'http://auth.test',
    CONTRACTS: 'outlet',
    PAGES: 'off',
    ...env
  }, contracts)
  const app = await buildApp(config, { clock: clock.read, log: { write: line => { log.push(line) } } })
  const sql = postgres(databaseUrl, { max: 2, onnotice: () => {} })
  t.teardown(async () => {
    await sql.end()
    await app.close()
  })
  return { app, clock, sql, log, databaseUrl, dataDir }
}

export interface Mail {
  from: string
  to: string
  subject: string
  text: string
  html: string
  /** the token in its link; empty where there is none */
  token: string
}

/** Sends what is due and reads every message written so far, oldest first. */
export async function readMails (kunci: Kunci): Promise<Mail[]> {
  await kunci.app.mailer.deliverDue()
  const folder = join(kunci.dataDir, 'mail')
  const files = (await readdir(folder).catch(() => [])).sort()
  return await Promise.all(files.map(async file => {
    const mail = await PostalMime.parse(await readFile(join(folder, file)))
    const text = mail.text ?? ''
    return {
      from: mail.from?.address ?? '',
      to: (mail.to ?? []).map(address => address.address).join(','),
      subject: mail.subject ?? '',
      text,
      html: mail.html ?? '',
      token: /[?&]token=([\w-]+)/.exec(text)?.[1] ?? ''
    }
  }))
}

/** @returns the token of the newest message with a link to this address */
export async function mailedToken (kunci: Kunci, to: string): Promise<string> {
  return (await readMails(kunci)).filter(mail => mail.to === to && mail.token !== '').at(-1)?.token ?? ''
}

export function bearer (accessToken: string): { authorization: string } {
  return { authorization: `Bearer ${accessToken}` }
}
