import fp from 'fastify-plugin'
import { issueDeviceToken, type KnownDevice, readDeviceTokens } from '../src/domain/known-device.js'
import { cookieValues, type ContractCookieOptions, writtenCookie } from './contract-cookie.js'

export interface DeviceCookieOptions extends ContractCookieOptions {
  /** seconds after its last sign-in for which a device is known */
  lifetime: number
}

declare module 'fastify' {
  interface FastifyInstance {
    deviceCookie: {
      /** @returns the devices that the request's cookies of the name speak of, in their order; forged and expired ones are left out */
      read: (request: FastifyRequest) => KnownDevice[]
      /** Has the browser known by an account that just signed in: as what it was to that account before, or as a new device. */
      set: (reply: FastifyReply, accountId: string, known: readonly KnownDevice[]) => void
    }
  }
}

/**
 * The cookie by which a browser is known on which an account of the contract signed in before. It stays when the session
 * ends; a browser keeps one, that of the account which signed in last.
 */
export default fp<DeviceCookieOptions>(async (app, options) => {
  // Named after the refresh cookie, so that installations which keep those apart on one domain keep these apart as well.
  const name = `${options.cookie.name}_device`
  const cookie = writtenCookie(app, name, options)

  app.decorate('deviceCookie', {
    read: request => readDeviceTokens(app.references, cookieValues(request, name), options.lifetime, app.clock()),
    set (reply, accountId, known) {
      void reply.header('set-cookie', cookie.set(issueDeviceToken(app.references, accountId, known, app.clock()), options.lifetime))
    }
  })
}, { name: 'device-cookie', dependencies: ['@fastify/cookie', 'clock', 'keys'] })
