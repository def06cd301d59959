import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requireEmail } from '../../src/domain/email-address.js'
import { proveRecovery, verifyEmail } from '../../src/domain/email-verification.js'
import { completeRecovery, requestRecovery } from '../../src/domain/password-reset.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { recoveryPurpose } from '../../src/domain/signed-reference.js'
import { mayBeSignedIn } from '../security.js'
import { succeeded } from './render.js'
import { Address, bodyRefusals, EmailVerified, MailSent, MailToken, PasswordReset, Reset } from './schemas.js'

/** The forgotten password, in three steps with one token: mailed, proven, used up. */
const recovery: FastifyPluginAsyncTypebox<{ policy: ContractPolicy }> = async (app, { policy }) => {
  const purpose = recoveryPurpose(policy.name)

  app.post('/send-verification-email', {
    onRequest: app.limits.mail,
    schema: {
      summary: 'Send the mail that recovers an account; the answer never tells whether the address is known',
      body: Address,
      response: { 200: MailSent, ...bodyRefusals() }
    }
  }, async request => {
    const email = requireEmail(request.body.email)
    await requestRecovery(app.db, policy, email, app.clock())
    return { ...succeeded('Verification email sent successfully'), data: { email } }
  })

  app.post('/verify-email', {
    onRequest: app.limits.signIn,
    schema: {
      summary: 'Prove an address: by the token that recovers an account, which is not spent, or by the one that verifies an address or confirms a new one',
      security: mayBeSignedIn,
      body: MailToken,
      response: { 200: EmailVerified, ...bodyRefusals() }
    }
  }, async request => {
    const { token } = request.body
    const asking = await app.accessTokens.tryVerify(request)
    const recovering = app.readMailedToken(request, purpose, token)
    const verifying = app.readMailedToken(request, 'verify-email', token)
    if (recovering !== undefined) await proveRecovery(app.db, policy, recovering, request.requester, app.clock(), asking)
    else await verifyEmail(app.db, policy, verifying, request.requester, app.clock(), asking)
    return succeeded('Email verified successfully')
  })

  app.post('/reset-password', {
    onRequest: app.limits.signIn,
    schema: {
      summary: 'Choose a new password by the token that was proven; every session ends',
      body: Reset(policy.passwordRule),
      response: { 200: PasswordReset, ...bodyRefusals() }
    }
  }, async request => {
    const { token, password } = request.body
    const reference = app.readMailedToken(request, purpose, token)
    await completeRecovery(app.db, app.passwords, app.clock, policy, { reference, password }, request.requester)
    return succeeded('Password reset successfully')
  })
}

export default recovery
