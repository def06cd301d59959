import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requireEmail } from '../../src/domain/email-address.js'
import { changePassword } from '../../src/domain/password-change.js'
import { requestPasswordReset, resetPassword } from '../../src/domain/password-reset.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { signedIn } from '../security.js'
import { Address, bodyRefusals, NewPassword, PasswordChange, PasswordReset, PasswordUpdated, ResetSent, TokenInPath } from './schemas.js'

const password: FastifyPluginAsyncTypebox<{ policy: ContractPolicy }> = async (app, { policy }) => {
  app.post('/reset-password', {
    onRequest: app.limits.mail,
    schema: {
      summary: 'Send a reset mail; the answer never tells whether the address is known',
      body: Address,
      response: { 200: ResetSent, ...bodyRefusals() }
    }
  }, async request => {
    const email = requireEmail(request.body.email)
    await requestPasswordReset(app.db, policy, email, app.clock())
    return { success: true, message: 'Request ubah password berhasil, silahkan cek email anda', data: { email } } as const
  })

  app.patch('/forgot-password/submit/new-password/:token', {
    onRequest: app.limits.signIn,
    schema: {
      summary: 'Choose a new password by the token that was mailed; every session ends',
      params: TokenInPath,
      body: NewPassword(policy.passwordRule),
      response: { 200: PasswordReset, ...bodyRefusals(401) }
    }
  }, async request => {
    const reference = app.readMailedToken(request, 'reset-password', request.params.token)
    const { password } = request.body
    const { email } = await resetPassword(app.db, app.passwords, app.clock, policy, { reference, password }, request.requester)
    return { success: true, message: 'Berhasil mengganti password', data: { email } } as const
  })

  app.patch('/profile/update-password', {
    onRequest: [app.limits.signIn, app.authenticate],
    config: { donation: { incomplete: 'Data input tidak valid' } },
    schema: {
      summary: 'Change the password; every other session ends',
      security: signedIn,
      body: PasswordChange(policy.passwordRule),
      response: { 200: PasswordUpdated, ...bodyRefusals(401, 404) }
    }
  }, async request => {
    const { old_password: oldPassword, new_password: newPassword } = request.body
    await changePassword(app.db, app.passwords, app.clock, policy, request.principal, { oldPassword, newPassword }, request.requester)
    return { success: true, message: 'Password berhasil diperbarui' } as const
  })
}

export default password
