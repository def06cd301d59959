import type { FastifyPluginAsync } from 'fastify'
import accessTokens from '../../plugins/access-tokens.js'
import administration from '../../plugins/administration.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { signedIn } from '../security.js'
import events from './events.js'
import invitations from './invitations.js'
import outlets from './outlets.js'
import { renderProblem } from './render.js'
import roles from './roles.js'
import sessions from './sessions.js'
import users from './users.js'

/**
 * What administrators do, by an access token of the outlet contract and the permission that each endpoint names.
 *
 * @param options `policy`: the outlet contract's, through which mails are sent
 */
const admin: FastifyPluginAsync<{ policy: ContractPolicy }> = async (app, { policy }) => {
  app.addHook('onRoute', route => { route.schema = { tags: ['admin'], security: signedIn, ...route.schema } })
  app.renderProblems(app, renderProblem)
  app.recordRefusedTokens(app, policy.name)
  await app.register(accessTokens, { policy })
  await app.register(administration)

  await app.register(users, { policy })
  await app.register(sessions)
  await app.register(roles)
  await app.register(outlets)
  await app.register(invitations, { policy })
  await app.register(events)
}

export default admin
