import cluster from 'node:cluster'
import { type Config, readConfig } from './config.js'
import { contracts } from './contracts.js'
import { serve } from './serve.js'
import { startFailure } from './start-failure.js'
import { SIGNALS, startWorkers } from './workers.js'

let config: Config | undefined
try {
  config = readConfig(process.env, contracts)
  if (config.startedByNpm && cluster.isPrimary) closeWhenOrphaned()
  await (config.workers > 1 && cluster.isPrimary ? startWorkers(config.workers) : serve(config))
} catch (error) {
  process.stderr.write(`${startFailure(error, config?.databaseDirectUrl)}\n`)
  process.exit(1)
}

/** npm's shell dies of a SIGTERM without passing it on, and would leave a server behind that nobody knows of. */
function closeWhenOrphaned (): void {
  const shell = process.ppid
  const watch = setInterval(() => { if (process.ppid !== shell) process.kill(process.pid, 'SIGTERM') }, 250).unref()
  // Whoever is asked a second time ends at once, whatever is in flight.
  for (const signal of SIGNALS) process.once(signal, () => { clearInterval(watch) })
}
