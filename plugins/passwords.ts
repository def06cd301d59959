import { availableParallelism } from 'node:os'
import fp from 'fastify-plugin'
import { createPasswordHasher, type PasswordHasher } from '../src/domain/password-hasher.js'

declare module 'fastify' {
  interface FastifyInstance {
    passwords: PasswordHasher
  }
}

/** About two seconds of work: who comes after that is better told to come back. */
const QUEUE_PER_CORE = 100

/** Password hashing, one at a time on each core. */
export default fp(async app => {
  const cores = availableParallelism()
  app.decorate('passwords', await createPasswordHasher({ concurrency: cores, queue: cores * QUEUE_PER_CORE }))
}, { name: 'passwords' })
