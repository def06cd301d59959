import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { normaliseEmail } from '../../src/domain/email-address.js'
import { type AskingSession, findSessionRefusal, listSessions, revokeSession, signOut, signOutEverywhere } from '../../src/domain/sessions.js'
import { type TokenRefusal, TokenRefusedError } from '../../src/domain/token-refusal.js'
import { NoBody } from '../fields.js'
import { byCookie, signedIn } from '../security.js'
import { renderSession } from './render.js'
import { AccessToken, bodyRefusals, LoggedIn, LoggedOut, Login, refusals, SessionId, SessionRevoked, Sessions } from './schemas.js'

const sessions: FastifyPluginAsyncTypebox = async app => {
  app.post('/login', {
    onRequest: [app.limits.signIn, app.requireOwnOrigin],
    schema: {
      summary: 'Sign in; the refresh token is set as an HTTP-only cookie, and beside it one by which the browser is known again',
      body: Login,
      response: { 200: LoggedIn, ...bodyRefusals(401, 403) }
    }
  }, async (request, reply) => {
    const { email, password } = request.body
    const devices = app.deviceCookie.read(request)
    const grant = await app.grants.bySignIn(request, { by: 'email', value: normaliseEmail(email) }, password, devices)
    app.refreshCookie.set(reply, grant)
    app.deviceCookie.set(reply, grant.accountId, devices)
    return { status: 200, message: 'Login Success', data: { access_token: app.accessTokens.issue(grant).token } }
  })

  app.post('/refresh', {
    onRequest: [app.limits.refresh, app.requireOwnOrigin],
    schema: {
      summary: 'Rotate the refresh cookie and get a new access token',
      security: byCookie,
      body: NoBody,
      response: { 200: AccessToken, ...bodyRefusals(401, 403) }
    }
  }, async (request, reply) => {
    const grant = await app.grants.byRotation(request, app.refreshCookie.read(request))
    app.refreshCookie.set(reply, grant)
    return { access_token: app.accessTokens.issue(grant).token }
  })

  app.post('/logout', {
    onRequest: [app.limits.refresh, app.requireOwnOrigin],
    schema: {
      summary: 'End the session of the access token, or of the cookie when the access token has expired',
      security: [...signedIn, ...byCookie],
      body: NoBody,
      response: { 200: LoggedOut, ...bodyRefusals(401, 403) }
    }
  }, async (request, reply) => {
    const held = await sessionsOf(request)
    request.subject = held[0] ?? null
    await signOut(app.db, held, request.requester, app.clock())
    return loggedOut(reply)
  })

  app.post('/logout/all', {
    onRequest: [app.requireOwnOrigin, app.authenticate],
    schema: {
      summary: 'End every session of the account, in all contracts',
      security: signedIn,
      body: NoBody,
      response: { 200: LoggedOut, ...bodyRefusals(401, 403) }
    }
  }, async (request, reply) => {
    await signOutEverywhere(app.db, request.principal, request.requester, app.clock())
    return loggedOut(reply)
  })

  app.get('/sessions', {
    onRequest: app.authenticate,
    schema: {
      summary: "The account's live sessions in all contracts",
      security: signedIn,
      response: { 200: Sessions, ...refusals(401) }
    }
  }, async request => {
    const { accountId, sessionId } = request.principal
    const live = await listSessions(app.db, accountId, app.clock())
    return { status: 200, message: 'Get sessions success', data: live.map(session => renderSession(session, sessionId)) }
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
  }, async (request, reply) => {
    const { sessionId } = request.principal
    const id = request.params.id.toLowerCase()
    await revokeSession(app.db, request.principal, id, request.requester, app.clock())
    if (id === sessionId) app.refreshCookie.clear(reply)
    return { status: 200, message: 'Session revoked' }
  })

  /** The bearer token's session and, since its cookie will be cleared, the cookie's: one of them is enough. */
  async function sessionsOf (request: FastifyRequest): Promise<AskingSession[]> {
    const presented = app.refreshCookie.read(request)
    const held = new Map(presented.references.map(({ accountId, rowId }) => [rowId, { accountId, sessionId: rowId }]))
    const live: AskingSession[] = []
    const refusals: TokenRefusal[] = []
    for (const session of held.values()) {
      const refusal = await findSessionRefusal(app.db, session, app.clock())
      if (refusal === undefined) live.push(session)
      else refusals.push(refusal)
    }
    const hasOnlyCookies = request.headers.authorization === undefined && app.refreshCookie.isPresent(request)
    if (live.length === 0 && hasOnlyCookies) throw new TokenRefusedError('refresh', held.size > 0 ? refusals : await app.refreshTokens.refusals(presented))
    const principal = live.length === 0 ? await app.accessTokens.verify(request) : await app.accessTokens.tryVerify(request)
    return principal === undefined ? live : [principal, ...live.filter(session => session.sessionId !== principal.sessionId)]
  }

  function loggedOut (reply: FastifyReply) {
    app.refreshCookie.clear(reply)
    return { status: 200, message: 'Logged out successfully' } as const
  }
}

export default sessions
