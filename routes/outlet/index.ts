import deviceCookie from '../../plugins/device-cookie.js'
import refreshCookie from '../../plugins/refresh-cookie.js'
import type { Contract } from '../../src/contract.js'
import account from './account.js'
import catalogue from './catalogue.js'
import email from './email.js'
import ownData from './own-data.js'
import password from './password.js'
import registration from './registration.js'
import { renderProblem } from './render.js'
import sessions from './sessions.js'

/** Seconds after its last sign-in for which a browser is known: 180 days. */
const DEVICE_LIFETIME = 180 * 24 * 3600

/** The primary contract: outlets and roles, signed in by a verified email, refreshed by cookie alone. */
const outlet: Contract = {
  policy: {
    name: 'outlet',
    accessLifetime: 15 * 60,
    sessionLifetime: 3 * 24 * 3600,
    language: 'en',
    passwordRule: { needs: ['letter', 'digit', 'symbol'], refusesCommon: true },
    requiresVerifiedEmail: true,
    newEmail: 'when_proven'
  },
  documentedPrefix: '/auth',
  defaultPrefix: '/auth',
  renderProblem,
  async endpoints (app, { policy, cookie }) {
    await app.register(refreshCookie, { cookie, prefix: app.prefix })
    await app.register(deviceCookie, { cookie, prefix: app.prefix, lifetime: DEVICE_LIFETIME })

    await app.register(registration, { policy })
    await app.register(sessions)
    await app.register(email, { policy })
    await app.register(password, { policy })
    await app.register(account, { policy })
    await app.register(ownData, { policy })
    await app.register(catalogue)
  }
}

export default outlet
