import { availableParallelism } from 'node:os'
import fp from 'fastify-plugin'
import { createAttemptLimit } from '../src/domain/password-attempts.js'
import { createPasswordHasher, type PasswordHasher } from '../src/domain/password-hasher.js'
import { createHashingThreads } from './hashing-threads.js'
import { spareCores } from './spare-cores.js'

declare module 'fastify' {
  interface FastifyInstance {
    passwords: PasswordHasher
  }
}

/** About two seconds of work: who comes after that is better told to come back. */
const QUEUE_PER_CORE = 100

/** Milliseconds that somebody waits for a turn where hashes of other systems take longer. */
const PATIENCE = 10_000

/**
 * Password hashing, one at a time on each core that the event loop can spare, and the limit of guesses.
 *
 * @param options `accountLimit`: wrong passwords that one identifier may have in 15 minutes; undefined for no limit; `workers`:
 *   processes that share the cores
 */
export default fp<{ accountLimit: number | undefined, workers: number }>(async (app, { accountLimit, workers }) => {
  // The threads load it: where the binary of this platform is missing, the start fails and not each sign-in.
  await import('@node-rs/argon2')
  const cores = Math.ceil(availableParallelism() / workers)
  const threads = createHashingThreads()
  app.addHook('onClose', threads.close)
  app.decorate('passwords', createPasswordHasher(threads, { cores: spareCores(cores), queue: QUEUE_PER_CORE, patience: PATIENCE, attempts: createAttemptLimit(app.db, app.clock, accountLimit) }))
}, { name: 'passwords', dependencies: ['clock', 'database'] })
