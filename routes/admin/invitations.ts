import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { invite, listInvitations, withdrawInvitation } from '../../src/domain/administration/invitations.js'
import { requireEmail } from '../../src/domain/email-address.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { NoBody } from '../fields.js'
import { pageAsked, renderInvitation, renderPage } from './render.js'
import { bodyRefusals, done, Id, Invitation, InvitationsAsked, listed, made, NewInvitation, refusals } from './schemas.js'

const invitations: FastifyPluginAsyncTypebox<{ policy: ContractPolicy }> = async (app, { policy }) => {
  app.get('/invitations', {
    config: { permission: 'users.create' },
    schema: { summary: 'Invitations that are still good, the latest first', querystring: InvitationsAsked, response: { 200: listed('Get invitations success', Invitation), ...refusals(400, 401, 403) } }
  }, async ({ query }) => {
    return renderPage('Get invitations success', await listInvitations(app.db, pageAsked(query), app.clock()), renderInvitation)
  })

  app.post('/invitations', {
    config: { permission: 'users.create' },
    onRequest: app.limits.mail,
    schema: {
      summary: 'Invite an address to register at an outlet in a role, by a mail that is good for 7 days; one that it had before is good no more',
      body: NewInvitation,
      response: { 201: made('Invitation sent', Invitation), ...bodyRefusals(401, 403, 404, 409) }
    }
  }, async (request, reply) => {
    const { email, outlet_id: outletId = null, role_id: roleId } = request.body
    const invitation = await invite(app.db, request.actor, policy, { email: requireEmail(email), outletId, roleId }, app.clock())
    void reply.code(201)
    return { status: 201, message: 'Invitation sent', data: renderInvitation(invitation) }
  })

  app.delete('/invitations/:id', {
    config: { permission: 'users.create' },
    schema: { summary: 'Withdraw an invitation that is still good', params: Id, body: NoBody, response: { 200: done('Invitation withdrawn'), ...bodyRefusals(401, 403, 404) } }
  }, async request => {
    await withdrawInvitation(app.db, request.actor, request.params.id, app.clock())
    return { status: 200, message: 'Invitation withdrawn' }
  })
}

export default invitations
