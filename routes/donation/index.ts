import type { Contract } from '../../src/contract.js'
import account from './account.js'
import history from './history.js'
import password from './password.js'
import { renderProblem } from './problems.js'
import sessions from './sessions.js'

/** A donation application, in Indonesian: signed in by email for a week, without a refresh token. */
const donation: Contract = {
  policy: {
    name: 'donation',
    accessLifetime: 7 * 24 * 3600,
    sessionLifetime: 7 * 24 * 3600,
    language: 'id',
    passwordRule: { needs: [], refusesCommon: true },
    requiresVerifiedEmail: false,
    newEmail: 'at_once'
  },
  documentedPrefix: '/auth',
  defaultPrefix: '/donation/auth',
  renderProblem,
  async endpoints (app, { policy }) {
    await app.register(sessions)
    await app.register(password, { policy })
    await app.register(history)
    await app.register(account, { policy })
  }
}

export default donation
