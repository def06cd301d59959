import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { changeRole, createRole, deleteRole, listRoles } from '../../src/domain/administration/roles.js'
import { NoBody } from '../fields.js'
import { renderPage, renderRole } from './render.js'
import { answered, bodyRefusals, done, Id, listed, made, NewRole, refusals, Role, RoleChange } from './schemas.js'

const roles: FastifyPluginAsyncTypebox = async app => {
  app.get('/roles', {
    config: { permission: ['roles.manage', 'users.read'] },
    schema: { summary: 'All roles', response: { 200: listed('Get roles success', Role), ...refusals(401, 403) } }
  }, async () => renderPage('Get roles success', { rows: await listRoles(app.db), next: null }, renderRole))

  app.post('/roles', {
    config: { permission: 'roles.manage' },
    schema: { summary: 'Make a role; it permits nothing that whoever makes it may not', body: NewRole, response: { 201: made('Role created', Role), ...bodyRefusals(401, 403, 409) } }
  }, async (request, reply) => {
    const { name, permissions = [], self_assignable: selfAssignable = false } = request.body
    const role = await createRole(app.db, request.actor, { name, permissions, selfAssignable }, app.clock())
    void reply.code(201)
    return { status: 201, message: 'Role created', data: renderRole(role) }
  })

  app.patch('/roles/:id', {
    config: { permission: 'roles.manage' },
    schema: {
      summary: 'Change the name of a role, what it permits, or whether anybody may choose it; what it permits holds for all who have it',
      params: Id,
      body: RoleChange,
      response: { 200: answered('Role updated', Role), ...bodyRefusals(401, 403, 404, 409) }
    }
  }, async request => {
    const { self_assignable: selfAssignable, ...change } = request.body
    const role = await changeRole(app.db, request.actor, request.params.id, { ...change, ...selfAssignable === undefined ? {} : { selfAssignable } }, app.clock())
    await app.revocations.settleRoles()
    return { status: 200, message: 'Role updated', data: renderRole(role) }
  })

  app.delete('/roles/:id', {
    config: { permission: 'roles.manage' },
    schema: { summary: 'Delete a role that nobody has', params: Id, body: NoBody, response: { 200: done('Role deleted'), ...bodyRefusals(401, 403, 404, 409) } }
  }, async request => {
    await deleteRole(app.db, request.actor, request.params.id, app.clock())
    return { status: 200, message: 'Role deleted' }
  })
}

export default roles
