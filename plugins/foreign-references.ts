import fp from 'fastify-plugin'
import { type Purpose, recoveryPurpose } from '../src/domain/signed-reference.js'
import type { TokenRefusal } from '../src/domain/token-refusal.js'

declare module 'fastify' {
  interface FastifyInstance {
    /** @returns the refusal of a refresh or mailed token that was signed here and belongs elsewhere; undefined for anything else */
    foreignReference: (text: string) => TokenRefusal | undefined
  }
}

/** Tells a refresh or mailed token of ours, sent where it does not belong, from what is none of ours. */
export default fp<{ contracts: readonly string[] }>(async (app, { contracts }) => {
  const purposes: Purpose[] = ['verify-email', 'reset-password', 'restore-email', ...contracts.flatMap(name => [`refresh:${name}` as const, recoveryPurpose(name)])]

  app.decorate('foreignReference', text => {
    for (const purpose of purposes) {
      const reference = app.references.read(purpose, text)
      if (reference === undefined) continue
      const { accountId, rowId } = reference
      return { reason: 'foreign', detail: purpose, holder: { accountId, sessionId: purpose.startsWith('refresh:') ? rowId : undefined } }
    }
    return undefined
  })
}, { name: 'foreign-references', dependencies: ['keys'] })
