import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { listTokenEvents } from '../../src/domain/token-history.js'
import { signedIn } from '../security.js'
import { renderTokenEvent } from './render.js'
import { AccountNumber, History, HistoryPage, refusals } from './schemas.js'

const DEFAULT_PAGE = 50

const history: FastifyPluginAsyncTypebox = async app => {
  app.get('/riwayat-token/:id_user', {
    onRequest: [app.limits.refresh, app.authenticate],
    schema: {
      summary: "What happened to an account's tokens, newest first; for itself and for administrators",
      security: signedIn,
      params: AccountNumber,
      querystring: HistoryPage,
      response: { 200: History, ...refusals(400, 401, 403) }
    }
  }, async request => {
    const { limit, before } = request.query
    const number = Number(request.params.id_user)
    const page = { limit: limit === undefined ? DEFAULT_PAGE : Number(limit), before: before === undefined ? undefined : Number(before) }
    const events = await listTokenEvents(app.db, request.principal, number, page)
    return { success: true, message: 'Riwayat token berhasil diambil', data: events.map(event => renderTokenEvent(event, number)) } as const
  })
}

export default history
