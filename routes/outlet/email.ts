import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requireEmail } from '../../src/domain/email-address.js'
import { requestVerification, resendVerification, verifyEmail } from '../../src/domain/email-verification.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { mayBeSignedIn } from '../security.js'
import { bodyRefusals, MailToken, OwnAddress, VerificationSent, Verified } from './schemas.js'

const email: FastifyPluginAsyncTypebox<{ policy: ContractPolicy }> = async (app, { policy }) => {
  app.post('/verify', {
    onRequest: app.limits.signIn,
    schema: {
      summary: 'Prove an address by the token that was mailed to it; sessions that began before end, but for the one whose access token comes along',
      security: mayBeSignedIn,
      body: MailToken,
      response: { 200: Verified, ...bodyRefusals() }
    }
  }, async request => {
    const reference = app.readMailedToken(request, 'verify-email', request.body.token)
    // An application may attach whatever access token it has; one that is not good any more must not stand in the way.
    const asking = await app.accessTokens.tryVerify(request)
    await verifyEmail(app.db, policy, reference, request.requester, app.clock(), asking)
    return { status: 200, message: 'succes verified email' }
  })

  app.post('/resend/verify', {
    onRequest: app.limits.mail,
    schema: {
      summary: 'Send the verification mail again: signed in, or by address; the answer never tells whether the address is known',
      security: mayBeSignedIn,
      body: OwnAddress,
      response: { 200: VerificationSent, ...bodyRefusals(401) }
    }
  }, async request => {
    const address = request.body.email
    if (address === undefined || request.headers.authorization !== undefined) {
      const principal = await app.accessTokens.verify(request)
      request.subject = principal
      await resendVerification(app.db, policy, principal, app.clock())
    } else {
      await requestVerification(app.db, policy, requireEmail(address), app.clock())
    }
    return { status: 200, message: 'Verification email sent' }
  })
}

export default email
