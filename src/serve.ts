import cluster from 'node:cluster'
import closeWithGrace from 'close-with-grace'
import type { FastifyInstance } from 'fastify'
import { buildApp } from './app.js'
import type { Config } from './config.js'
import { standardOutput } from './standard-output.js'
import { ListenError } from './start-failure.js'
import { CLOSE, SIGNALS } from './workers.js'

/** The longest that requests in flight are waited for at the end, in milliseconds. */
const LAST_REQUESTS = 20_000

/**
 * Serves in this process until a signal, or the process that started it as a worker, ends it: ready turns 503, requests in
 * flight finish, and it exits with 0.
 *
 * @throws ListenError, or what `buildApp` throws
 */
export async function serve (config: Config): Promise<void> {
  const starting = start(config)
  // Before anything is started: a signal meanwhile waits for the start and then closes it, so that nothing is half-made.
  const closer = closeWithGrace({ delay: LAST_REQUESTS, logger: false, skip: cluster.isWorker ? [...SIGNALS] : [] }, async ({ err, signal }) => {
    const app = await starting
    if (err !== undefined) app.log.fatal({ err }, 'closing after an error')
    else app.log.info({ signal }, 'closing')
    await app.close()
  })
  if (cluster.isWorker) closeOnce(closer)
  await starting
}

/** A terminal's Ctrl-C reaches a worker as well as the process that asks it to close; the second of both must not cut the end short. */
function closeOnce (closer: { close: () => void }): void {
  let closing = false
  function close (): void {
    if (!closing) closer.close()
    closing = true
  }
  for (const signal of SIGNALS) process.on(signal, close)
  process.on('message', message => { if (message === CLOSE) close() })
}

async function start (config: Config): Promise<FastifyInstance> {
  const app = await buildApp(config, { log: standardOutput() })
  try {
    await app.listen({ host: config.host, port: config.port })
    return app
  } catch (error) {
    await app.close()
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'failed'
    throw new ListenError(`cannot listen on HOST ${config.host}, PORT ${config.port}: ${reason === 'EADDRINUSE' ? 'something else listens there' : reason}`)
  }
}
