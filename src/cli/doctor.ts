import type { Command } from 'commander'
import postgres from 'postgres'
import { EmbeddedDatabaseError } from '../../db/embedded/embedded-database-error.js'
import { databaseFailure } from '../../db/failure.js'
import { listPendingMigrations } from '../../db/migrate.js'
import { tryMailServer } from '../../plugins/mail-transport.js'
import { openDatabase } from '../../db/client.js'
import { knownSecret } from '../auth-secret.js'
import type { Config } from '../config.js'
import { readSigningKeys } from '../domain/signing-keys.js'
import { finish } from './arguments.js'
import { onDatabase, requireDatabase } from './installation.js'
import { print, visible } from './output.js'
import { AlreadySaid, Refusal } from './refusal.js'

/** PostgreSQL's own number for the oldest version that serves. */
const OLDEST_POSTGRES = 140_000

/** Seconds by which the clocks of this machine and of the database may differ. */
const CLOCK_TOLERANCE = 2

interface Finding {
  part: string
  isGood: boolean
  what: string
}

/** `kunci doctor`: looks at what the server stands on, and changes nothing. */
export function addDoctorCommand (program: Command, readConfig: () => Config): void {
  const doctor = program.command('doctor').description('checks configuration, database, migrations, clock, signing keys, mail server and Redis; exit code 1 where something is bad')
  finish(doctor, 'kunci doctor').action(async () => {
    const config = readConfig()
    const findings: Finding[] = [{ part: 'configuration', isGood: true, what: `serves ${config.contracts.map(({ name, prefix }) => `${name} at ${prefix}`).join(', ')}` }]
    findings.push(...await examineDatabase(config), await examineMail(config), await examineRedis(config))
    print(doctor, { rows: findings, next: null }, () => findings.map(({ part, isGood, what }) => visible(`${isGood ? 'good' : 'BAD '}  ${part}: ${what}`)))
    if (findings.some(finding => !finding.isGood)) throw new AlreadySaid()
  })
}

async function examineDatabase (config: Config): Promise<Finding[]> {
  try {
    await requireDatabase(config)
    return await onDatabase(config, async ({ url, directUrl }) => [
      await examine('database', async () => await describeServer(url)),
      await examine('migrations', async () => {
        const { length: pending } = await listPendingMigrations(directUrl)
        return { isGood: pending === 0, what: pending === 0 ? 'the newest schema' : `${pending} to come: kunci migrate, or the next start` }
      }),
      await examine('clock', async () => await compareClocks(url)),
      await examine('signing keys', async () => await openKeys(config, url))
    ])
  } catch (error) {
    if (error instanceof Refusal || error instanceof EmbeddedDatabaseError) return [{ part: 'database', isGood: false, what: error.message }]
    throw error
  }
}

async function describeServer (url: string): Promise<Omit<Finding, 'part'>> {
  return await ask(url, async sql => {
    const [server] = await sql`select current_setting('server_version') as version, current_setting('server_version_num')::int as number, pg_is_in_recovery() as standby`
    const { version, number, standby } = server ?? {}
    if (standby === true) return { isGood: false, what: `PostgreSQL ${version} is a standby, which takes no writes` }
    return { isGood: number >= OLDEST_POSTGRES, what: `PostgreSQL ${version}${number >= OLDEST_POSTGRES ? '' : ', but 14 or newer is needed'}` }
  })
}

async function compareClocks (url: string): Promise<Omit<Finding, 'part'>> {
  return await ask(url, async sql => {
    const before = Date.now()
    const [row] = await sql`select extract(epoch from clock_timestamp()) * 1000 as now`
    const apart = Math.abs(Number(row?.['now']) - (before + Date.now()) / 2) / 1000
    const isGood = apart <= CLOCK_TOLERANCE
    return { isGood, what: `${apart.toFixed(1)} s apart from the database's${isGood ? '' : ': keep both by NTP'}` }
  })
}

async function openKeys (config: Config, url: string): Promise<Omit<Finding, 'part'>> {
  const { db, close } = openDatabase(url)
  try {
    // Without any secret yet nothing opens, and there should be nothing to open.
    const keys = await readSigningKeys(db, config.secrets ?? [await knownSecret(config.dataDir) ?? ''])
    return { isGood: true, what: keys.length === 0 ? 'none yet: the first start makes one' : `${keys.length}, the newest for ${keys.at(-1)?.algorithm}` }
  } finally {
    await close()
  }
}

async function examineMail ({ smtpUrl, dataDir }: Config): Promise<Finding> {
  if (smtpUrl === undefined) return { part: 'mail', isGood: true, what: `no SMTP_URL: mails are files in ${dataDir}/mail` }
  return await examine('mail', async () => {
    await tryMailServer(smtpUrl)
    return { isGood: true, what: `${new URL(smtpUrl).host} takes mails` }
  })
}

async function examineRedis ({ redisUrl }: Config): Promise<Finding> {
  if (redisUrl === undefined) return { part: 'Redis', isGood: true, what: 'no REDIS_URL: limits per address are each instance\'s own' }
  const { describeRedis, redisFailure } = await import('../../plugins/redis-connection.js')
  try {
    return { part: 'Redis', isGood: true, what: `${await describeRedis(redisUrl)} at ${new URL(redisUrl).host}` }
  } catch (error) {
    return { part: 'Redis', isGood: false, what: redisFailure(error) }
  }
}

/** What fails is a finding: the other parts are looked at all the same. */
async function examine (part: string, look: () => Promise<Omit<Finding, 'part'>>): Promise<Finding> {
  try {
    return { part, ...await look() }
  } catch (error) {
    const failure = databaseFailure(error)
    const said = error instanceof Error && 'code' in error ? String(error.code) : error instanceof Error ? error.message : 'failed'
    // 42P01: undefined table.
    return { part, isGood: false, what: failure?.code === '42P01' ? 'no tables yet' : failure?.code ?? said }
  }
}

async function ask<Result> (url: string, question: (sql: postgres.Sql) => Promise<Result>): Promise<Result> {
  const client = postgres(url, { max: 1, connect_timeout: 5, onnotice: () => {} })
  try {
    return await question(client)
  } finally {
    await client.end({ timeout: 5 })
  }
}
