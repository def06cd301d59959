import type { Contract } from '../../src/contract.js'
import account from './account.js'
import { renderProblem } from './render.js'
import sessions from './sessions.js'

/** An admin panel: signed in by email, with permissions; its refresh token travels in JSON. */
const console: Contract = {
  policy: {
    name: 'console',
    accessLifetime: 3600,
    sessionLifetime: 7 * 24 * 3600,
    language: 'en',
    passwordRule: { needs: [], refusesCommon: true },
    requiresVerifiedEmail: false,
    newEmail: 'when_proven'
  },
  documentedPrefix: '/api/auth',
  defaultPrefix: '/api/auth',
  renderProblem,
  async endpoints (app, { policy }) {
    await app.register(account, { policy })
    await app.register(sessions)
  }
}

export default console
