import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { endSessions } from '../../src/domain/administration/accounts.js'
import { listLiveSessions } from '../../src/domain/administration/lists.js'
import { NoBody } from '../fields.js'
import { pageAsked, renderPage, renderSession } from './render.js'
import { answered, bodyRefusals, done, Ended, Id, listed, refusals, Session, SessionOfUser, SessionsAsked } from './schemas.js'

const sessions: FastifyPluginAsyncTypebox = async app => {
  app.get('/sessions', {
    config: { permission: 'sessions.manage' },
    schema: {
      summary: 'Live sessions of all accounts or of one, in all contracts, the latest begun first',
      querystring: SessionsAsked,
      response: { 200: listed('Get sessions success', Session), ...refusals(400, 401, 403) }
    }
  }, async ({ query: { user_id: accountId, ...page } }) => {
    return renderPage('Get sessions success', await listLiveSessions(app.db, { accountId }, pageAsked(page), app.clock()), renderSession)
  })

  app.delete('/users/:id/sessions', {
    config: { permission: 'sessions.manage' },
    schema: { summary: 'End every session of an account', params: Id, body: NoBody, response: { 200: answered('Sessions ended', Ended), ...bodyRefusals(401, 403, 404) } }
  }, async request => {
    const { id } = request.params
    const ended = await endSessions(app.db, request.actor, id, undefined, app.clock())
    await app.revocations.settle(id)
    return { status: 200, message: 'Sessions ended', data: { ended } }
  })

  app.delete('/users/:id/sessions/:sessionId', {
    config: { permission: 'sessions.manage' },
    schema: { summary: "End one of an account's sessions", params: SessionOfUser, body: NoBody, response: { 200: done('Session ended'), ...bodyRefusals(401, 403, 404) } }
  }, async request => {
    const { id, sessionId } = request.params
    await endSessions(app.db, request.actor, id, sessionId, app.clock())
    await app.revocations.settle(id)
    return { status: 200, message: 'Session ended' }
  })
}

export default sessions
