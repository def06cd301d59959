import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { changeOutlet, createOutlet, listAllOutlets } from '../../src/domain/administration/outlets.js'
import { renderOutlet, renderPage } from './render.js'
import { answered, bodyRefusals, Id, listed, made, NewOutlet, Outlet, OutletChange, refusals } from './schemas.js'

const outlets: FastifyPluginAsyncTypebox = async app => {
  app.get('/outlets', {
    config: { permission: ['outlets.manage', 'users.read'] },
    schema: { summary: 'All outlets, also those at which nobody may register', response: { 200: listed('Get outlets success', Outlet), ...refusals(401, 403) } }
  }, async () => renderPage('Get outlets success', { rows: await listAllOutlets(app.db), next: null }, renderOutlet))

  app.post('/outlets', {
    config: { permission: 'outlets.manage' },
    schema: { summary: 'Make an outlet; anybody may register there unless registration says otherwise', body: NewOutlet, response: { 201: made('Outlet created', Outlet), ...bodyRefusals(401, 403, 409) } }
  }, async (request, reply) => {
    const { name, registration = 'open' } = request.body
    const outlet = await createOutlet(app.db, request.actor, { name, registration }, app.clock())
    void reply.code(201)
    return { status: 201, message: 'Outlet created', data: renderOutlet(outlet) }
  })

  app.patch('/outlets/:id', {
    config: { permission: 'outlets.manage' },
    schema: {
      summary: 'Change the name of an outlet, or who may register there: all, who is invited, or nobody',
      params: Id,
      body: OutletChange,
      response: { 200: answered('Outlet updated', Outlet), ...bodyRefusals(401, 403, 404, 409) }
    }
  }, async request => {
    const outlet = await changeOutlet(app.db, request.actor, request.params.id, request.body, app.clock())
    return { status: 200, message: 'Outlet updated', data: renderOutlet(outlet) }
  })
}

export default outlets
