import { isIP } from 'node:net'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { Requester } from '../src/domain/requester.js'

declare module 'fastify' {
  interface FastifyRequest {
    /** who asks, as the network and the trusted proxies tell */
    requester: Requester
  }
}

const LONGEST_USER_AGENT = 512

/** Gives each request its client's address and User-Agent. */
export default fp(async app => {
  app.decorateRequest('requester', {
    getter () {
      return { ip: clientAddress(this), userAgent: this.headers['user-agent']?.slice(0, LONGEST_USER_AGENT) ?? null }
    }
  })
}, { name: 'requester' })

/**
 * @returns the client's IPv4 or IPv6 address in its usual form. A trusted proxy may forward anything: what is no address
 *   counts for nothing, and the proxy's own address stands in.
 */
export function clientAddress (request: FastifyRequest): string | null {
  return usualForm(request.ip) ?? usualForm(request.socket.remoteAddress)
}

function usualForm (text: string | undefined): string | null {
  if (text === undefined) return null
  const [address = ''] = text.split('%')
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  return isIP(mapped) === 0 ? null : mapped
}
