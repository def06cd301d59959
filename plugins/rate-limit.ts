import fastifyRateLimit from '@fastify/rate-limit'
import type { onRequestAsyncHookHandler, preHandlerAsyncHookHandler } from 'fastify'
import fp from 'fastify-plugin'
import { RateLimitedError } from './errors.js'
import { limitStore } from './rate-limit-store.js'
import { clientAddress } from './requester.js'

/** Requests a minute for each client address, counted over all endpoints of the kind. */
const limits = { signIn: 60, refresh: 600, mail: 10 } as const

declare module 'fastify' {
  interface FastifyInstance {
    /** Hooks before a body is read: `signIn` for what checks or sets a password, `refresh`, `mail` for what sends one. */
    limits: Record<keyof typeof limits, onRequestAsyncHookHandler> & {
      /** for what sends a mail only if its body has a new email: a hook after validation, instead of the others */
      newEmail: preHandlerAsyncHookHandler
    }
  }
}

/** Limits what one client address can ask for, over all routes that share a hook. */
export default fp<{ enabled: boolean }>(async (app, { enabled }) => {
  if (!enabled) {
    const unlimited = async () => {}
    app.decorate('limits', { signIn: unlimited, refresh: unlimited, mail: unlimited, newEmail: unlimited })
    return
  }
  await app.register(fastifyRateLimit, {
    global: false,
    timeWindow: 60_000,
    store: limitStore(app.clock, app.redis),
    errorResponseBuilder: (_request, context) => new RateLimitedError(Math.ceil(context.ttl / 1000)),
    addHeaders: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false, 'retry-after': false },
    addHeadersOnExceeding: { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false }
  })
  const limit = (kind: keyof typeof limits) => app.rateLimit({
    max: limits[kind],
    keyGenerator: request => `${kind}:${network(clientAddress(request) ?? 'unknown')}`
  })
  const signIn = limit('signIn')
  const mail = limit('mail')
  app.decorate('limits', {
    signIn,
    refresh: limit('refresh'),
    mail,
    async newEmail (request, reply) {
      const { email } = request.body as { email?: string }
      await (email === undefined ? signIn : mail).call(this, request, reply)
    }
  })
}, { name: 'rate-limit', dependencies: ['clock', 'redis', 'requester'] })

/** One customer has a whole /64 of IPv6, so that is what counts as one client. */
export function network (address: string): string {
  if (!address.includes(':')) return address
  const [head = '', tail = ''] = address.split('::')
  const groups = head === '' ? [] : head.split(':')
  const last = tail === '' ? [] : tail.split(':')
  const whole = address.includes('::') ? [...groups, ...Array<string>(Math.max(0, 8 - groups.length - last.length)).fill('0'), ...last] : groups
  return whole.slice(0, 4).map(group => parseInt(group, 16).toString(16)).join(':') + '::/64'
}
