import cluster, { type Worker } from 'node:cluster'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'

/** What the first process sends to a worker that is to finish its requests and end. */
export const CLOSE = 'close'

/** What asks a server to end. */
export const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Milliseconds before a worker that ended by itself is replaced: one that can't start must not do so all the time. */
const PAUSE = 1000

/**
 * Serves one port by several processes, each a whole server of its own: this one takes the connections and deals them out in turn.
 * A worker that ends by itself is replaced. At a signal all of them close, then this process exits: with 0 when each of them did.
 *
 * @param count processes, 2 or more
 * @returns once the first one serves, so that a start that fails does so once and before the others; this process exits with its code then
 */
export async function startWorkers (count: number): Promise<void> {
  let closing = false
  let exitCode = 0

  function close (): void {
    // Whoever asks twice does not want to wait.
    if (closing) {
      for (const worker of workers()) worker.process.kill('SIGKILL')
      process.exit(1)
    }
    closing = true
    for (const worker of workers()) worker.send(CLOSE)
    if (workers().length === 0) process.exit(exitCode)
  }
  for (const signal of SIGNALS) process.on(signal, close)

  // What is sent to a worker that has only begun to start is lost.
  cluster.on('listening', worker => { if (closing) worker.send(CLOSE) })
  cluster.on('exit', (_worker, code, signal) => {
    if (closing && code !== 0) exitCode = 1
    if (closing && workers().length === 0) process.exit(exitCode)
    if (!closing && isServing) void replace(code, signal)
  })

  async function replace (code: number, signal: string | null): Promise<void> {
    process.stderr.write(`kunci: a worker ended by itself (${signal ?? `exit code ${code}`}); another takes its place\n`)
    await delay(PAUSE)
    if (!closing) cluster.fork()
  }

  let isServing = false
  const first = cluster.fork()
  const outcome = await Promise.race([once(first, 'listening').then(() => 'serving' as const), once(first, 'exit') as Promise<[number | null]>])
  if (outcome !== 'serving') {
    // What kept it from starting stands in its own words on standard error.
    if (!closing) process.exit(outcome[0] ?? 1)
    return
  }
  isServing = true
  if (!closing) Array.from({ length: count - 1 }, () => cluster.fork())
}

function workers (): Worker[] {
  return Object.values(cluster.workers ?? {}).filter(worker => worker !== undefined)
}
