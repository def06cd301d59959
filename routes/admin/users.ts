import { type FastifyPluginAsyncTypebox, type Static } from '@fastify/type-provider-typebox'
import { changeAccount, changeRoles, createAccount, deleteAccount, disableAccount, enableAccount, sendLink } from '../../src/domain/administration/accounts.js'
import type { Assignment } from '../../src/domain/administration/assignments.js'
import { findAccount, listAccounts } from '../../src/domain/administration/lists.js'
import { requireEmail } from '../../src/domain/email-address.js'
import { AuthError, type IssueRule } from '../../src/domain/errors.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { NoBody } from '../fields.js'
import { pageAsked, renderPage, renderUser } from './render.js'
import { answered, bodyRefusals, done, Id, listed, made, NewUser, refusals, RolesChange, Sent, User, UserChange, UsersAsked } from './schemas.js'

const users: FastifyPluginAsyncTypebox<{ policy: ContractPolicy }> = async (app, { policy }) => {
  app.get('/users', {
    config: { permission: 'users.read' },
    schema: {
      summary: 'Accounts, the latest made first; search takes beginnings of words of the email, username and name, ids up to 100 ids separated by commas',
      querystring: UsersAsked,
      response: { 200: listed('Get users success', User), ...refusals(400, 401, 403) }
    }
  }, async ({ query: { search, ids, ...page } }) => {
    return renderPage('Get users success', await listAccounts(app.db, { search, ids: ids?.split(',') }, pageAsked(page)), renderUser)
  })

  app.get('/users/:id', {
    config: { permission: 'users.read' },
    schema: { summary: 'An account', params: Id, response: { 200: answered('Get user success', User), ...refusals(400, 401, 403, 404) } }
  }, async ({ params: { id } }) => {
    return { status: 200, message: 'Get user success', data: await userOf(id) }
  })

  app.post('/users', {
    config: { permission: 'users.create' },
    onRequest: app.limits.mail,
    schema: {
      summary: 'Make an account; a mail to its address, good for 7 days, chooses the password',
      body: NewUser,
      response: { 201: made('User created', User), ...bodyRefusals(401, 403, 404, 409) }
    }
  }, async (request, reply) => {
    const { email, outlet_id: outletId, role_id: roleId, roles, ...names } = request.body
    const account = { ...names, email: requireEmail(email), outletId, roles: assignmentsOf(roles, roleId) }
    const id = await createAccount(app.db, request.actor, policy, account, app.clock())
    void reply.code(201)
    return { status: 201, message: 'User created', data: await userOf(id) }
  })

  app.patch('/users/:id', {
    config: { permission: 'users.update' },
    schema: {
      summary: 'Change the username, name, phone or outlet of an account',
      params: Id,
      body: UserChange,
      response: { 200: answered('User updated', User), ...bodyRefusals(401, 403, 404, 409) }
    }
  }, async request => {
    const { outlet_id: outletId, ...names } = request.body
    const change = { ...names, ...outletId === undefined ? {} : { outletId } }
    await changeAccount(app.db, request.actor, request.params.id, change, app.clock())
    return { status: 200, message: 'User updated', data: await settledUser(request.params.id) }
  })

  app.put('/users/:id/roles', {
    config: { permission: 'users.update' },
    schema: {
      summary: 'Give an account these roles and no others, each in force or not, one of those in force as the primary one',
      params: Id,
      body: RolesChange,
      response: { 200: answered('User roles updated', User), ...bodyRefusals(401, 403, 404, 409) }
    }
  }, async request => {
    await changeRoles(app.db, request.actor, request.params.id, assignmentsOf(request.body.roles), app.clock())
    return { status: 200, message: 'User roles updated', data: await settledUser(request.params.id) }
  })

  app.post('/users/:id/disable', {
    config: { permission: 'users.update' },
    schema: { summary: 'Disable an account and end its sessions', params: Id, body: NoBody, response: { 200: answered('User disabled', User), ...bodyRefusals(401, 403, 404, 409) } }
  }, async request => {
    await disableAccount(app.db, request.actor, request.params.id, app.clock())
    return { status: 200, message: 'User disabled', data: await settledUser(request.params.id) }
  })

  app.post('/users/:id/enable', {
    config: { permission: 'users.update' },
    schema: { summary: 'Enable an account; its sessions do not come back', params: Id, body: NoBody, response: { 200: answered('User enabled', User), ...bodyRefusals(401, 403, 404) } }
  }, async request => {
    await enableAccount(app.db, request.actor, request.params.id, app.clock())
    return { status: 200, message: 'User enabled', data: await userOf(request.params.id) }
  })

  app.post('/users/:id/verification', {
    config: { permission: 'users.update' },
    onRequest: app.limits.mail,
    schema: { summary: 'Mail the link that verifies the address, unless it is verified', params: Id, body: NoBody, response: { 200: answered('Verification requested', Sent), ...bodyRefusals(401, 403, 404) } }
  }, async request => {
    const sent = await sendLink(app.db, request.actor, policy, request.params.id, 'verify_email', app.clock())
    return { status: 200, message: 'Verification requested', data: { sent } }
  })

  app.post('/users/:id/reset', {
    config: { permission: 'users.update' },
    onRequest: app.limits.mail,
    schema: { summary: 'Mail the link that resets the password', params: Id, body: NoBody, response: { 200: answered('Password reset requested', Sent), ...bodyRefusals(401, 403, 404) } }
  }, async request => {
    const sent = await sendLink(app.db, request.actor, policy, request.params.id, 'reset_password', app.clock())
    return { status: 200, message: 'Password reset requested', data: { sent } }
  })

  app.delete('/users/:id', {
    config: { permission: 'users.delete' },
    schema: { summary: 'Delete an account for good', params: Id, body: NoBody, response: { 200: done('User deleted'), ...bodyRefusals(401, 403, 404, 409) } }
  }, async request => {
    await deleteAccount(app.db, request.actor, request.params.id, app.clock())
    await app.revocations.settle(request.params.id)
    return { status: 200, message: 'User deleted' }
  })

  async function userOf (id: string) {
    const account = await findAccount(app.db, id)
    if (account === undefined) throw new AuthError('account_not_found')
    return renderUser(account)
  }

  /** The same, once this instance knows which of its access tokens are void. */
  async function settledUser (id: string) {
    await app.revocations.settle(id)
    return await userOf(id)
  }
}

/** @throws AuthError `invalid_input` unless either of the two is there */
function assignmentsOf (roles: Static<typeof RolesChange>['roles'] | undefined, roleId?: string): Assignment[] {
  if (roles !== undefined && roleId !== undefined) throw refused('either')
  if (roleId !== undefined) return [{ roleId: roleId.toLowerCase(), isActive: true, isPrimary: true }]
  if (roles === undefined) throw refused('required')
  return roles.map(({ role_id: id, status = true, primary = roles.length === 1 }) => ({ roleId: id.toLowerCase(), isActive: status, isPrimary: primary }))
}

function refused (rule: IssueRule): AuthError {
  return new AuthError('invalid_input', { issues: [{ field: 'role_id', rule }] })
}

export default users
