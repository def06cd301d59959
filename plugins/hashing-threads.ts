import { Worker } from 'node:worker_threads'
import type { HashWork } from '../src/domain/password-hasher.js'
import type { HashOutcome, HashTask } from './hashing-thread.js'

/** Threads of their own for hashes, so that nothing waits behind one: not the event loop, nor files and names, which share Node.js' pool. */
export interface HashingThreads extends HashWork {
  close: () => Promise<void>
}

interface Thread {
  worker: Worker
  settle: { resolve: (outcome: HashOutcome) => void, reject: (error: Error) => void } | undefined
}

/** MiB of a thread's own heap; what a hash takes is none of it. */
const HEAP = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 }

/** Threads are started when they are first needed, as many as are asked for anything at once, and stay. */
export function createHashingThreads (): HashingThreads {
  const threads = new Set<Thread>()

  function start (): Thread {
    const worker = new Worker(new URL('hashing-thread.js', import.meta.url), { resourceLimits: HEAP, execArgv: [], env: {} })
    const thread: Thread = { worker, settle: undefined }
    worker.on('message', (outcome: HashOutcome) => { release(thread)?.resolve(outcome) })
    // It ends a moment later: nobody must be given it meanwhile.
    worker.on('error', error => {
      threads.delete(thread)
      release(thread)?.reject(error)
    })
    worker.on('exit', () => {
      threads.delete(thread)
      release(thread)?.reject(new Error('a thread that hashed a password ended'))
    })
    threads.add(thread)
    return thread
  }

  async function ask (task: HashTask): Promise<string | boolean> {
    const thread = [...threads].find(({ settle }) => settle === undefined) ?? start()
    const outcome = await new Promise<HashOutcome>((resolve, reject) => {
      thread.settle = { resolve, reject }
      // Only what is asked for keeps the process from ending.
      thread.worker.ref()
      thread.worker.postMessage(task)
    })
    if ('fault' in outcome) throw new Error(`a password could not be hashed: ${outcome.fault}`)
    return outcome.result
  }

  return {
    hash: async password => String(await ask({ hash: password })),
    matches: async (storedHash, password) => await ask({ storedHash, password }) === true,
    close: async () => { await Promise.all([...threads].map(async ({ worker }) => await worker.terminate())) }
  }
}

/** @returns whoever waits for the thread, which is free from now on and keeps no process from ending */
function release (thread: Thread): Thread['settle'] {
  const { settle } = thread
  thread.settle = undefined
  thread.worker.unref()
  return settle
}
