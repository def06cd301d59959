import closeWithGrace from 'close-with-grace'
import { EmbeddedDatabaseError } from '../db/embedded/embedded-database-error.js'
import { databaseFailure } from '../db/failure.js'
import { buildApp } from './app.js'
import { readConfig } from './config.js'
import { ConfigError } from './config/variable.js'
import { contracts } from './contracts.js'
import { SigningKeysLockedError } from './domain/signing-keys.js'

/** The longest that requests in flight are waited for at the end, in milliseconds. */
const LAST_REQUESTS = 20_000

try {
  const config = readConfig(process.env, contracts)
  const app = await buildApp(config)
  closeWithGrace({ delay: LAST_REQUESTS, logger: app.log }, async ({ err, signal }) => {
    if (err !== undefined) app.log.fatal({ err }, 'closing after an error')
    else app.log.info({ signal }, 'closing')
    await app.close()
  })
  if (config.startedByNpm) closeWhenOrphaned()
  await app.listen({ host: config.host, port: config.port }).catch(async (error: unknown) => {
    await app.close()
    throw error
  })
} catch (error) {
  process.stderr.write(`${reason(error)}\n`)
  process.exit(1)
}

/** npm's shell dies of a SIGTERM without passing it on, and would leave a server behind that nobody knows of. */
function closeWhenOrphaned (): void {
  const shell = process.ppid
  setInterval(() => { if (process.ppid !== shell) process.kill(process.pid, 'SIGTERM') }, 250).unref()
}

/** One line for whoever started it; only what nobody foresaw shows its stack. */
function reason (error: unknown): string {
  if (error instanceof ConfigError || error instanceof SigningKeysLockedError || error instanceof EmbeddedDatabaseError) return `kunci: ${error.message}`
  const failure = databaseFailure(error)
  if (failure !== undefined) return `kunci: the database of DATABASE_URL failed: ${failure.code}`
  if (error instanceof Error && 'syscall' in error) return `kunci: ${error.message}`
  return error instanceof Error ? error.stack ?? error.message : String(error)
}
