import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requireEmail } from '../../src/domain/email-address.js'
import { AuthError } from '../../src/domain/errors.js'
import { acceptInvitation } from '../../src/domain/invitations.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { mayBeSignedIn } from '../security.js'
import { bodyRefusals, InvitedRegistration, Registered, Registration } from './schemas.js'

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
    if (confirmPassword !== password) throw mismatch()
    const account = { email: requireEmail(email), username, password, outletId, role: { id: roleId } }
    await app.registerAccount(request, account)
    return { status: 200, message: 'register user succes' }
  })

  app.post('/register/invitation', {
    onRequest: app.limits.signIn,
    schema: {
      summary: 'Register the account that an address was invited to, by the token that was mailed to it, which proves the address',
      body: InvitedRegistration(policy.passwordRule),
      response: { 200: Registered, ...bodyRefusals(409) }
    }
  }, async request => {
    const { token, confirmPassword, ...account } = request.body
    if (confirmPassword !== account.password) throw mismatch()
    const reference = app.readMailedToken(request, 'invitation', token)
    await acceptInvitation(app.db, app.passwords, app.clock, policy, reference, account, request.requester)
    return { status: 200, message: 'register user succes' }
  })
}

function mismatch (): AuthError {
  return new AuthError('invalid_input', { issues: [{ field: 'confirmPassword', rule: 'mismatch' }] })
}

export default registration
