import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requireProfile } from '../../src/domain/accounts.js'
import { requireEmail } from '../../src/domain/email-address.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { signedIn } from '../security.js'
import { renderProfile, renderSignedUp } from './render.js'
import { bodyRefusals, Profile, refusals, SignedUp, Signup } from './schemas.js'

const account: FastifyPluginAsyncTypebox<{ policy: ContractPolicy }> = async (app, { policy }) => {
  app.post('/signup', {
    onRequest: app.limits.signIn,
    schema: { summary: 'Register an account', body: Signup(policy.passwordRule), response: { 201: SignedUp, ...bodyRefusals(409) } }
  }, async (request, reply) => {
    const { email, ...fields } = request.body
    const account = { ...fields, email: requireEmail(email) }
    const profile = await app.registerAccount(request, account)
    reply.code(201)
    return { user: renderSignedUp(profile), message: 'User created successfully' } as const
  })

  app.get('/profile', {
    onRequest: app.authenticate,
    schema: { summary: 'The account that is signed in', security: signedIn, response: { 200: Profile, ...refusals(401) } }
  }, async request => renderProfile(await requireProfile(app.db, request.principal.accountId)))
}

export default account
