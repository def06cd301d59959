import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requireProfile } from '../../src/domain/accounts.js'
import type { Grant } from '../../src/domain/grant.js'
import { listRoleAssignments } from '../../src/domain/roles.js'
import { listSessions, revokeSession, signOut } from '../../src/domain/sessions.js'
import { normaliseUsername } from '../../src/domain/username.js'
import { NoBody } from '../fields.js'
import { signedIn } from '../security.js'
import { renderRoleAssignment, renderSession, succeeded } from './render.js'
import { bodyRefusals, LoggedIn, LoggedOut, Login, Refreshed, RefreshToken, refusals, SessionId, SessionRevoked, Sessions } from './schemas.js'

const sessions: FastifyPluginAsyncTypebox = async app => {
  app.post('/login', {
    onRequest: app.limits.signIn,
    schema: { summary: 'Sign in', body: Login, response: { 200: LoggedIn, ...bodyRefusals(401) } }
  }, async request => {
    const { username, password } = request.body
    const grant = await app.grants.bySignIn(request, { by: 'username', value: normaliseUsername(username) }, password)
    const { id, username: name } = await requireProfile(app.db, grant.accountId)
    const roles = await listRoleAssignments(app.db, grant.accountId)
    return { ...succeeded('User Successfully Logged In'), data: { id, username: name, role_user: roles.map(renderRoleAssignment), ...tokensOf(grant) } }
  })

  app.post('/refresh-token', {
    onRequest: app.limits.refresh,
    schema: { summary: 'Rotate the refresh token and get a new access token', body: RefreshToken, response: { 200: Refreshed, ...bodyRefusals(401) } }
  }, async request => {
    const grant = await app.grants.byRotation(request, app.refreshTokens.read(request.body.refresh_token))
    return { ...succeeded('User Successfully Logged In'), data: tokensOf(grant) }
  })

  app.post('/logout', {
    onRequest: [app.limits.refresh, app.authenticate],
    schema: { summary: 'End the session, its refresh token with it', security: signedIn, body: NoBody, response: { 200: LoggedOut, ...bodyRefusals(401) } }
  }, async request => {
    await signOut(app.db, [request.principal], request.requester, app.clock())
    return succeeded('User Successfully Logged Out')
  })

  app.get('/sessions', {
    onRequest: app.authenticate,
    schema: { summary: "The account's live sessions in all contracts", security: signedIn, response: { 200: Sessions, ...refusals(401) } }
  }, async request => {
    const { accountId } = request.principal
    const live = await listSessions(app.db, accountId, app.clock())
    return { ...succeeded('Sessions retrieved successfully'), data: live.map(session => renderSession(session, accountId)) }
  })

  app.delete('/sessions/:id', {
    onRequest: app.authenticate,
    schema: {
      summary: "End one of the account's sessions",
      security: signedIn,
      params: SessionId,
      body: NoBody,
      response: { 200: SessionRevoked, ...bodyRefusals(401, 404) }
    }
  }, async request => {
    await revokeSession(app.db, request.principal, request.params.id.toLowerCase(), request.requester, app.clock())
    return succeeded('Session revoked successfully')
  })

  function tokensOf (grant: Grant) {
    return { token: app.accessTokens.issue(grant).token, refresh_token: app.refreshTokens.issue(grant) }
  }
}

export default sessions
