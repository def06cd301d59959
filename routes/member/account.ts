import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requireEmail } from '../../src/domain/email-address.js'
import { changePassword } from '../../src/domain/password-change.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { updateProfile } from '../../src/domain/profile.js'
import { signedIn } from '../security.js'
import { succeeded } from './render.js'
import { bodyRefusals, PasswordChange, PasswordUpdated, ProfileChange, ProfileUpdated } from './schemas.js'

const account: FastifyPluginAsyncTypebox<{ policy: ContractPolicy }> = async (app, { policy }) => {
  app.post('/edit-profile', {
    onRequest: app.authenticate,
    preHandler: app.limits.newEmail,
    schema: {
      summary: 'Change the profile; a new email needs the current password and holds once its mail is answered',
      security: signedIn,
      body: ProfileChange,
      response: { 200: ProfileUpdated, ...bodyRefusals(401, 409) }
    }
  }, async request => {
    const { email, current_password: currentPassword, ...fields } = request.body
    const change = { ...fields, email: email === undefined ? undefined : requireEmail(email), currentPassword }
    await updateProfile(app.db, app.passwords, app.clock, policy, request.principal, change, request.requester)
    return succeeded('Profile updated successfully')
  })

  app.post('/edit-password', {
    onRequest: [app.limits.signIn, app.authenticate],
    schema: {
      summary: 'Change the password; every other session ends',
      security: signedIn,
      body: PasswordChange(policy.passwordRule),
      response: { 200: PasswordUpdated, ...bodyRefusals(401) }
    }
  }, async request => {
    const { old_password: oldPassword, new_password: newPassword } = request.body
    await changePassword(app.db, app.passwords, app.clock, policy, request.principal, { oldPassword, newPassword }, request.requester)
    return succeeded('Password updated successfully')
  })
}

export default account
