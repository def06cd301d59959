import { getPriority, setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { hashPassword, passwordComparison } from '../src/domain/password-hash.js'

/** What the thread is asked for. */
export type HashTask = { hash: string } | { storedHash: string | null, password: string }

/** What it answers. */
export type HashOutcome = { result: string | boolean } | { fault: string }

/** A tenth of the weight that the event loop and the database have, as long as they want the cores. */
const LESS = 10
const LEAST = 19

// A hash of milliseconds can wait, what takes microseconds should not wait for it. Linux has a priority for each thread; elsewhere
// it would be the whole process's. What has little already keeps it: nobody may raise it.
if (process.platform === 'linux') setPriority(Math.min(LEAST, getPriority() + LESS))

const matches = passwordComparison()

parentPort?.on('message', (task: HashTask) => { parentPort?.postMessage(outcomeOf(task)) })

function outcomeOf (task: HashTask): HashOutcome {
  try {
    return { result: 'hash' in task ? hashPassword(task.hash) : matches(task.storedHash, task.password) }
  } catch (error) {
    return { fault: error instanceof Error ? error.message : 'failed' }
  }
}
