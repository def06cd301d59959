import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { listEvents } from '../../src/domain/administration/lists.js'
import { pageAsked, renderEvent, renderPage } from './render.js'
import { Event, EventsAsked, listed, refusals } from './schemas.js'

const events: FastifyPluginAsyncTypebox = async app => {
  app.get('/events', {
    config: { permission: 'audit.read' },
    schema: {
      summary: 'What happened, the latest first: to an account, of a type, from a time on and before another',
      querystring: EventsAsked,
      response: { 200: listed('Get events success', Event), ...refusals(400, 401, 403) }
    }
  }, async ({ query: { user_id: accountId, type, from, to, ...page } }) => {
    const filter = { accountId, type, from: momentOf(from), to: momentOf(to) }
    return renderPage('Get events success', await listEvents(app.db, filter, pageAsked(page)), renderEvent)
  })
}

function momentOf (text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text)
}

export default events
