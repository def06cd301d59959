import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requireProfile } from '../../src/domain/accounts.js'
import { normaliseEmail } from '../../src/domain/email-address.js'
import { signedIn } from '../security.js'
import { renderUser } from './render.js'
import { bodyRefusals, LoggedIn, Login, refusals, TokenFault, TokenVerified } from './schemas.js'

const sessions: FastifyPluginAsyncTypebox = async app => {
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

export default sessions
