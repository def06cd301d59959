import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requireProfile } from '../../src/domain/accounts.js'
import { requireEmail } from '../../src/domain/email-address.js'
import { restoreEmail } from '../../src/domain/email-restoration.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { updateProfile } from '../../src/domain/profile.js'
import { mayBeSignedIn, signedIn } from '../security.js'
import { renderRegistered, renderUpdated } from './render.js'
import { bodyRefusals, EmailRestored, MailToken, ProfileChange, ProfileUpdated, Registered, Registration } from './schemas.js'

const account: FastifyPluginAsyncTypebox<{ policy: ContractPolicy }> = async (app, { policy }) => {
  app.post('/register', {
    onRequest: app.limits.signIn,
    config: { donation: { incomplete: 'Data registrasu akun tidak lengkap' } },
    schema: {
      summary: 'Register an account',
      security: mayBeSignedIn,
      body: Registration(policy.passwordRule),
      response: { 201: Registered, ...bodyRefusals(401, 403) }
    }
  }, async (request, reply) => {
    const { email, password, nama_lengkap: name, telp: phone, role } = request.body
    const account = { email: requireEmail(email), password, name, phone, role: role === undefined ? undefined : { name: role } }
    const profile = await app.registerAccount(request, account)
    reply.code(201)
    return { success: true, message: 'Akun berhasil dibuat', data: renderRegistered(profile) } as const
  })

  app.patch('/profile/update', {
    onRequest: app.authenticate,
    preHandler: app.limits.newEmail,
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
    const reference = app.readMailedToken(request, 'restore-email', request.body.token)
    const { email } = await restoreEmail(app.db, policy, reference, request.requester, app.clock())
    return { success: true, message: 'Email berhasil dipulihkan, silahkan cek email anda', data: { email } } as const
  })
}

export default account
