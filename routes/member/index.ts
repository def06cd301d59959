import type { Contract } from '../../src/contract.js'
import account from './account.js'
import recovery from './recovery.js'
import { renderProblem } from './render.js'
import sessions from './sessions.js'

/** An organisation whose users hold several roles: signed in by username; its refresh token travels in JSON. */
const member: Contract = {
  policy: {
    name: 'member',
    accessLifetime: 3600,
    sessionLifetime: 24 * 3600,
    language: 'en',
    passwordRule: { needs: [], refusesCommon: true },
    requiresVerifiedEmail: false,
    newEmail: 'when_proven'
  },
  documentedPrefix: '/api/auth',
  defaultPrefix: '/member/api/auth',
  renderProblem,
  async endpoints (app, { policy }) {
    await app.register(sessions)
    await app.register(recovery, { policy })
    await app.register(account, { policy })
  }
}

export default member
