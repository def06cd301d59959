import accessTokens from '../../plugins/access-tokens.js'
import refreshCookie from '../../plugins/refresh-cookie.js'
import type { Contract } from '../../src/contract.js'
import account from './account.js'
import catalogue from './catalogue.js'
import email from './email.js'
import password from './password.js'
import registration from './registration.js'
import { renderProblem } from './render.js'
import { passwordRule } from './schemas.js'
import sessions from './sessions.js'

/** The primary contract: outlets and roles, signed in by a verified email, refreshed by cookie alone. */
export const outlet: Contract = {
  policy: {
    name: 'outlet',
    accessLifetime: 15 * 60,
    sessionLifetime: 3 * 24 * 3600,
    language: 'en',
    passwordRule,
    requiresVerifiedEmail: true
  },
  documentedPrefix: '/auth',
  defaultPrefix: '/auth',
  async plugin (app, { policy, cookie, refreshGrace }) {
    app.renderProblems(app, renderProblem)
    await app.register(accessTokens, { policy })
    await app.register(refreshCookie, { policy, cookie, prefix: app.prefix })

    await app.register(registration, { policy })
    await app.register(sessions, { policy, refreshGrace })
    await app.register(email, { policy })
    await app.register(password, { policy })
    await app.register(account, { policy })
    await app.register(catalogue)
  }
}
