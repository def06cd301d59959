import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requireEmail } from '../../src/domain/email-address.js'
import { AuthError } from '../../src/domain/errors.js'
import { changePassword } from '../../src/domain/password-change.js'
import { requestPasswordReset, resetPassword } from '../../src/domain/password-reset.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { signedIn } from '../security.js'
import { Address, bodyRefusals, PasswordChange, PasswordReset, PasswordUpdated, Reset, ResetSent } from './schemas.js'

const password: FastifyPluginAsyncTypebox<{ policy: ContractPolicy }> = async (app, { policy }) => {
  app.post('/password/forgot', {
    onRequest: app.limits.mail,
    schema: {
      summary: 'Send a reset mail; the answer never tells whether the address is known',
      body: Address,
      response: { 200: ResetSent, ...bodyRefusals() }
    }
  }, async request => {
    await requestPasswordReset(app.db, policy, requireEmail(request.body.email), app.clock())
    return { status: 200, message: 'Password reset email sent' }
  })

  app.post('/password/reset', {
    onRequest: app.limits.signIn,
    schema: {
      summary: 'Choose a new password by the token that was mailed; every session ends',
      body: Reset(policy.passwordRule),
      response: { 200: PasswordReset, ...bodyRefusals() }
    }
  }, async request => {
    const { token, password, confirmPassword } = request.body
    if (confirmPassword !== password) throw new AuthError('invalid_input', { issues: [{ field: 'confirmPassword', rule: 'mismatch' }] })
    const reference = app.readMailedToken(request, 'reset-password', token)
    await resetPassword(app.db, app.passwords, app.clock, policy, { reference, password }, request.requester)
    return { status: 200, message: 'Password reset successfully' }
  })

  app.patch('/password', {
    onRequest: [app.limits.signIn, app.authenticate],
    schema: {
      summary: 'Change the password; every other session ends',
      security: signedIn,
      body: PasswordChange(policy.passwordRule),
      response: { 200: PasswordUpdated, ...bodyRefusals(401) }
    }
  }, async request => {
    await changePassword(app.db, app.passwords, app.clock, policy, request.principal, request.body, request.requester)
    return { status: 200, message: 'Password updated' }
  })
}

export default password
