import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requireProfile } from '../../src/domain/accounts.js'
import { requireEmail } from '../../src/domain/email-address.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { mayBeSignedIn, signedIn } from '../security.js'
import { renderMe, renderRegistered } from './render.js'
import { bodyRefusals, Me, refusals, Registered, Registration } from './schemas.js'

const account: FastifyPluginAsyncTypebox<{ policy: ContractPolicy }> = async (app, { policy }) => {
  app.post('/register', {
    onRequest: app.limits.signIn,
    schema: {
      summary: 'Register an account and sign it in',
      security: mayBeSignedIn,
      body: Registration(policy.passwordRule),
      response: { 201: Registered, ...bodyRefusals(401, 403, 409) }
    }
  }, async (request, reply) => {
    const { name, email, password, role_id: role } = request.body
    const account = { name, email: requireEmail(email), password, role: role === undefined ? undefined : { number: role } }
    const { profile, grant } = await app.grants.byRegistration(request, account)
    reply.code(201)
    return {
      status: true,
      message: 'Registration successful',
      data: { user: renderRegistered(profile), ...app.accessTokens.issue(grant), refreshToken: app.refreshTokens.issue(grant) },
      code: 201
    } as const
  })

  app.get('/me', {
    onRequest: app.authenticate,
    schema: { summary: 'The account that is signed in, with what its role permits', security: signedIn, response: { 200: Me, ...refusals(401) } }
  }, async request => ({ status: true, data: renderMe(await requireProfile(app.db, request.principal.accountId)) }) as const)
}

export default account
