import type { Contract } from '../../src/contract.js'
import account from './account.js'
import { renderProblem } from './render.js'
import sessions from './sessions.js'

/** In the manner of NestJS: signed in by username; its refresh token travels in JSON. */
const signin: Contract = {
  policy: {
    name: 'signin',
    accessLifetime: 15 * 60,
    sessionLifetime: 7 * 24 * 3600,
    language: 'en',
    // Its document itself uses one of the commonest passwords.
    passwordRule: { needs: [], refusesCommon: false },
    requiresVerifiedEmail: false,
    newEmail: 'when_proven'
  },
  documentedPrefix: '/auth',
  defaultPrefix: '/signin/auth',
  renderProblem,
  async endpoints (app, { policy }) {
    await app.register(account, { policy })
    await app.register(sessions)
  }
}

export default signin
