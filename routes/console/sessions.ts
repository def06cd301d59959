import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requireProfile } from '../../src/domain/accounts.js'
import { normaliseEmail } from '../../src/domain/email-address.js'
import { signOut } from '../../src/domain/sessions.js'
import { NoBody } from '../fields.js'
import { signedIn } from '../security.js'
import { renderLoggedIn } from './render.js'
import { bodyRefusals, LoggedIn, LoggedOut, Login, Refreshed, RefreshToken } from './schemas.js'

const sessions: FastifyPluginAsyncTypebox = async app => {
  app.post('/login', {
    onRequest: app.limits.signIn,
    schema: { summary: 'Sign in', body: Login, response: { 200: LoggedIn, ...bodyRefusals(401) } }
  }, async request => {
    const { email, password } = request.body
    const grant = await app.grants.bySignIn(request, { by: 'email', value: normaliseEmail(email) }, password)
    const user = renderLoggedIn(await requireProfile(app.db, grant.accountId))
    return {
      status: true,
      message: 'Login successful',
      data: { user, ...app.accessTokens.issue(grant), refreshToken: app.refreshTokens.issue(grant) }
    } as const
  })

  app.post('/refresh', {
    onRequest: app.limits.refresh,
    schema: { summary: 'Rotate the refresh token and get a new access token', body: RefreshToken, response: { 200: Refreshed, ...bodyRefusals(401) } }
  }, async request => {
    const grant = await app.grants.byRotation(request, app.refreshTokens.read(request.body.refreshToken))
    return {
      status: true,
      message: 'Token refreshed successfully',
      data: { ...app.accessTokens.issue(grant), refreshToken: app.refreshTokens.issue(grant) }
    } as const
  })

  app.post('/logout', {
    onRequest: [app.limits.refresh, app.authenticate],
    schema: { summary: 'End the session, its refresh token with it', security: signedIn, body: NoBody, response: { 200: LoggedOut, ...bodyRefusals(401) } }
  }, async request => {
    await signOut(app.db, [request.principal], request.requester, app.clock())
    return { status: true, message: 'Logout successful', data: null } as const
  })
}

export default sessions
