import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { requireProfile } from '../../src/domain/accounts.js'
import { listHistory } from '../../src/domain/audit.js'
import { requireEmail } from '../../src/domain/email-address.js'
import type { ContractPolicy } from '../../src/domain/policy.js'
import { updateProfile } from '../../src/domain/profile.js'
import { signedIn } from '../security.js'
import { renderHistoryEntry, renderProfile } from './render.js'
import { bodyRefusals, GotProfile, History, HistoryPage, ProfileChange, refusals, UpdatedProfile } from './schemas.js'

const DEFAULT_PAGE = 50

const account: FastifyPluginAsyncTypebox<{ policy: ContractPolicy }> = async (app, { policy }) => {
  app.get('/profile', {
    onRequest: app.authenticate,
    schema: {
      summary: 'The account that is signed in',
      security: signedIn,
      response: { 200: GotProfile, ...refusals(401) }
    }
  }, async request => {
    return { status: 200, message: 'Get profile success', data: renderProfile(await requireProfile(app.db, request.principal.accountId)) }
  })

  app.patch('/profile', {
    onRequest: app.authenticate,
    preHandler: app.limits.newEmail,
    schema: {
      summary: 'Change the username or, with the current password, the email, which holds once its mail is answered',
      security: signedIn,
      body: ProfileChange,
      response: { 200: UpdatedProfile, ...bodyRefusals(401, 409) }
    }
  }, async request => {
    const { username, email, currentPassword } = request.body
    const change = { username, email: email === undefined ? undefined : requireEmail(email), currentPassword }
    await updateProfile(app.db, app.passwords, app.clock, policy, request.principal, change, request.requester)
    return { status: 200, message: 'Profile updated', data: renderProfile(await requireProfile(app.db, request.principal.accountId)) }
  })

  app.get('/history', {
    onRequest: app.authenticate,
    schema: {
      summary: "The account's events, newest first",
      security: signedIn,
      querystring: HistoryPage,
      response: { 200: History, ...refusals(400, 401) }
    }
  }, async request => {
    const { limit, before } = request.query
    const entries = await listHistory(app.db, request.principal.accountId, { limit: limit === undefined ? DEFAULT_PAGE : Number(limit), before })
    return { status: 200, message: 'Get history success', data: entries.map(renderHistoryEntry) }
  })
}

export default account
