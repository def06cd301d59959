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
  const plain = withoutMapping(address)
  return isIP(plain) === 0 ? null : plain
}

/** An IPv4 address over IPv6 is the same client, in either of its two spellings (RFC 4291, section 2.5.5.2). */
function withoutMapping (address: string): string {
  if (!address.includes(':')) return address
  const [, dotted, high, low] = /^::ffff:(?:(\d+\.\d+\.\d+\.\d+)|([0-9a-f]{1,4}):([0-9a-f]{1,4}))$/i.exec(address) ?? []
  if (high === undefined || low === undefined) return dotted ?? address
  return [high, low].flatMap(group => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255]).join('.')
}
