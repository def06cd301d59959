import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { AuthError } from '../../src/domain/errors.js'
import { requireEmail } from '../../src/domain/email-address.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { mayBeSignedIn } from '../security.js'
import { bodyRefusals, Registered, Registration } from './schemas.js'

const registration: FastifyPluginAsyncTypebox<{ policy: ContractPolicy }> = async (app, { policy }) => {
  app.post('/register', {
    onRequest: app.limits.signIn,
    schema: {
      summary: 'Register an account; a mail to its address verifies it',
      security: mayBeSignedIn,
      body: Registration(policy.passwordRule),
      response: { 200: Registered, ...bodyRefusals(401, 403, 409) }
    }
  }, async request => {
    const { email, username, password, confirmPassword, outlet_id: outletId, role_id: roleId } = request.body
    if (confirmPassword !== password) throw new AuthError('invalid_input', { issues: [{ field: 'confirmPassword', rule: 'mismatch' }] })
    const account = { email: requireEmail(email), username, password, outletId, role: { id: roleId } }
    await app.registerAccount(request, account)
    return { status: 200, message: 'register user succes' }
  })
}

export default registration
