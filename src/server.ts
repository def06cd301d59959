import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.js'
import { type Config, readConfig } from './config.js'
import { contracts } from './contracts.js'
import { ListenError, startFailure } from './start-failure.js'

/** The longest that requests in flight are waited for at the end, in milliseconds. */
const LAST_REQUESTS = 20_000

let config: Config | undefined
try {
  config = readConfig(process.env, contracts)
  const starting = start(config)
  // Before anything is started: a signal meanwhile waits for the start and then closes it, so that nothing is half-made.
  closeWithGrace({ delay: LAST_REQUESTS, logger: false }, async ({ err, signal }) => {
    const app = await starting
    if (err !== undefined) app.log.fatal({ err }, 'closing after an error')
    else app.log.info({ signal }, 'closing')
    await app.close()
  })
  if (config.startedByNpm) closeWhenOrphaned()
  await starting
} catch (error) {
  process.stderr.write(`${startFailure(error, config?.databaseDirectUrl)}\n`)
  process.exit(1)
}

async function start (config: Config): Promise<FastifyInstance> {
  const app = await buildApp(config)
  try {
    await app.listen({ host: config.host, port: config.port })
    return app
  } catch (error) {
    await app.close()
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'failed'
    throw new ListenError(`cannot listen on HOST ${config.host}, PORT ${config.port}: ${reason === 'EADDRINUSE' ? 'something else listens there' : reason}`)
  }
}

/** npm's shell dies of a SIGTERM without passing it on, and would leave a server behind that nobody knows of. */
function closeWhenOrphaned (): void {
  const shell = process.ppid
  setInterval(() => { if (process.ppid !== shell) process.kill(process.pid, 'SIGTERM') }, 250).unref()
}
