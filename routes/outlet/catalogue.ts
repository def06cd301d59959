import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { listOutlets } from '../../src/domain/outlets.js'
import { listSelfAssignableRoles } from '../../src/domain/roles.js'
import { Outlets, refusals, Roles } from './schemas.js'

/** What a registration form offers. */
const catalogue: FastifyPluginAsyncTypebox = async app => {
  app.get('/outlets', {
    schema: { summary: 'Outlets to register at', response: { 200: Outlets, ...refusals() } }
  }, async () => ({ status: 200, message: 'Get outlets success', data: await listOutlets(app.db) }) as const)

  app.get('/roles', {
    schema: { summary: 'Roles that anybody may choose', response: { 200: Roles, ...refusals() } }
  }, async () => ({ status: 200, message: 'Get roles success', data: await listSelfAssignableRoles(app.db) }) as const)
}

export default catalogue
