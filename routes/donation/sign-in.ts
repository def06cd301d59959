import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requireProfile } from '../../src/domain/accounts.js'
import { normaliseEmail, requireEmail } from '../../src/domain/email-address.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { registerAccount } from '../../src/domain/registration.js'
import { signedIn } from '../refusals.js'
import { renderRegistered, renderUser } from './render.js'
import { bodyRefusals, LoggedIn, Login, refusals, Registered, Registration, TokenFault, TokenVerified } from './schemas.js'

const signIn: FastifyPluginAsyncTypebox<{ policy: ContractPolicy }> = async (app, { policy }) => {
  app.post('/register', {
    onRequest: app.limits.signIn,
    config: { donation: { incomplete: 'Data registrasu akun tidak lengkap' } },
    schema: {
      summary: 'Register an account',
      body: Registration(policy.passwordRule),
      response: { 201: Registered, ...bodyRefusals(401, 403) }
    }
  }, async (request, reply) => {
    const { email, password, nama_lengkap: name, telp: phone, role } = request.body
    const account = { email: requireEmail(email), password, name, phone, role: role === undefined ? undefined : { name: role } }
    const profile = await registerAccount(app.db, app.passwords, app.clock, policy, account, {
      requester: request.requester,
      mayAssignAnyRole: async () => await app.speaksForAdministrator(request)
    })
    request.subject = { accountId: profile.id }
    reply.code(201)
    return { success: true, message: 'Akun berhasil dibuat', data: renderRegistered(profile) } as const
  })

  app.post('/login', {
    onRequest: app.limits.signIn,
    config: { donation: { incomplete: 'Data login akun tidak lengkap' } },
    schema: { summary: 'Sign in', body: Login, response: { 200: LoggedIn, ...bodyRefusals(401) } }
  }, async request => {
    const { email, password } = request.body
    const grant = await app.grants.bySignIn(request, { by: 'email', value: normaliseEmail(email) }, password)
    const user = renderUser(await requireProfile(app.db, grant.accountId))
    return { success: true, message: 'Berhasil Login', data: { ...user, token: app.accessTokens.issue(grant).token } } as const
  })

  app.get('/verify-token', {
    onRequest: app.authenticate,
    config: { donation: { fault: 'Error saat memverifikasi token' } },
    schema: {
      summary: 'The account that an access token speaks for, as it is now',
      security: signedIn,
      response: { 200: TokenVerified, ...refusals(401), 500: TokenFault }
    }
  }, async request => {
    return { success: true, message: 'Token valid', data: renderUser(await requireProfile(app.db, request.principal.accountId)) } as const
  })
}

export default signIn
