import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requireProfile } from '../../src/domain/accounts.js'
import { requireEmail } from '../../src/domain/email-address.js'
import { restoreEmail } from '../../src/domain/email-restoration.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { updateProfile } from '../../src/domain/profile.js'
import { signedIn } from '../refusals.js'
import { renderUpdated } from './render.js'
import { bodyRefusals, EmailRestored, MailToken, ProfileChange, ProfileUpdated } from './schemas.js'

const account: FastifyPluginAsyncTypebox<{ policy: ContractPolicy }> = async (app, { policy }) => {
  app.patch('/profile/update', {
    onRequest: [app.limits.mail, app.authenticate],
    schema: {
      summary: 'Change the profile; a new email holds at once, and the former address gets a link that restores it',
      security: signedIn,
      body: ProfileChange,
      response: { 200: ProfileUpdated, ...bodyRefusals(401) }
    }
  }, async request => {
    const { nama_lengkap: name, telp: phone, email } = request.body
    const change = { name, phone, email: email === undefined ? undefined : requireEmail(email) }
    await updateProfile(app.db, app.passwords, app.clock, policy, request.principal, change, request.requester)
    const profile = await requireProfile(app.db, request.principal.accountId)
    return { success: true, message: 'Profil berhasil diperbarui', data: renderUpdated(profile) } as const
  })

  app.post('/restore-email', {
    onRequest: app.limits.signIn,
    schema: {
      summary: 'Take a former address back by the token that was mailed there; every session ends and a reset mail goes out',
      body: MailToken,
      response: { 200: EmailRestored, ...bodyRefusals(401) }
    }
  }, async request => {
    const reference = app.references.read('restore-email', request.body.token)
    if (reference !== undefined) request.subject = { accountId: reference.accountId }
    const { email } = await restoreEmail(app.db, policy, reference, request.requester, app.clock())
    return { success: true, message: 'Email berhasil dipulihkan, silahkan cek email anda', data: { email } } as const
  })
}

export default account
