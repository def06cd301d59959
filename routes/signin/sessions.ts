import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requireProfile } from '../../src/domain/accounts.js'
import type { Grant } from '../../src/domain/grant.js'
import { signOut } from '../../src/domain/sessions.js'
import { normaliseUsername } from '../../src/domain/username.js'
import { NoBody } from '../fields.js'
import { signedIn } from '../security.js'
import { renderUser } from './render.js'
import { bodyRefusals, LoggedOut, RefreshToken, SignedIn, Signin, Tokens } from './schemas.js'

const sessions: FastifyPluginAsyncTypebox = async app => {
  app.post('/signin', {
    onRequest: app.limits.signIn,
    schema: { summary: 'Sign in', body: Signin, response: { 200: SignedIn, ...bodyRefusals(401) } }
  }, async request => {
    const { username, password } = request.body
    const grant = await app.grants.bySignIn(request, { by: 'username', value: normaliseUsername(username) }, password)
    return { user: renderUser(await requireProfile(app.db, grant.accountId)), ...tokensOf(grant) }
  })

  app.post('/refresh', {
    onRequest: app.limits.refresh,
    schema: { summary: 'Rotate the refresh token and get a new access token', body: RefreshToken, response: { 200: Tokens, ...bodyRefusals(401) } }
  }, async request => {
    const grant = await app.grants.byRotation(request, app.refreshTokens.read(request.body.refreshToken))
    return tokensOf(grant)
  })

  app.post('/logout', {
    onRequest: [app.limits.refresh, app.authenticate],
    schema: { summary: 'End the session, its refresh token with it', security: signedIn, body: NoBody, response: { 200: LoggedOut, ...bodyRefusals(401) } }
  }, async request => {
    await signOut(app.db, [request.principal], request.requester, app.clock())
    return { message: 'Logged out successfully' } as const
  })

  function tokensOf (grant: Grant) {
    return { accessToken: app.accessTokens.issue(grant).token, refreshToken: app.refreshTokens.issue(grant) }
  }
}

export default sessions
