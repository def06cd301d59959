import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requestDeletion } from '../../src/domain/account-deletion.js'
import { exportAccount } from '../../src/domain/account-export.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { signedIn } from '../security.js'
import { renderExport } from './render.js'
import { bodyRefusals, Deletion, DeletionRequested, Exported, refusals } from './schemas.js'

/** What an account's owner may do with all that is held about it: take it along, and have it deleted. */
const ownData: FastifyPluginAsyncTypebox<{ policy: ContractPolicy }> = async (app, { policy }) => {
  app.get('/account/export', {
    onRequest: app.authenticate,
    schema: {
      summary: 'All that is held about the account',
      security: signedIn,
      response: { 200: Exported, ...refusals(401) }
    }
  }, async (request, reply) => {
    void reply.header('content-disposition', 'attachment; filename="account.json"')
    return { status: 200, message: 'Export account success', data: renderExport(await exportAccount(app.db, request.principal.accountId)) }
  })

  app.delete('/account', {
    onRequest: [app.limits.signIn, app.authenticate],
    schema: {
      summary: 'Delete the account: every session ends at once, and after 14 days it is gone for good, unless it signs in before',
      security: signedIn,
      body: Deletion,
      response: { 200: DeletionRequested, ...bodyRefusals(401, 409) }
    }
  }, async (request, reply) => {
    const { dueAt } = await requestDeletion(app.db, app.passwords, app.clock, policy, request.principal, request.body.password, request.requester)
    app.refreshCookie.clear(reply)
    return { status: 200, message: 'Account will be deleted', data: { deletedAt: dueAt.toISOString() } }
  })
}

export default ownData
