import { type FastifyPluginAsyncTypebox, Type } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { AuthError } from '../../src/domain/errors.js'
import { isAdministrator } from '../../src/domain/roles.js'
import { OrNull, Text } from '../fields.js'
import { refusalsIn } from '../refusals.js'
import { signedIn } from '../security.js'

const Resolved = (example: string) => Type.Object({ value: OrNull(Text(example)), from: Text('X-Forwarded-For') })
const Diagnosis = Type.Object({
  status: Type.Literal(200),
  message: Type.Literal('Request resolved'),
  data: Type.Object({
    peer: OrNull(Text('127.0.0.1')),
    client: Resolved('203.0.113.7'),
    scheme: Resolved('https'),
    host: Resolved('auth.example.com'),
    trustProxy: Type.Object({ configured: Type.Array(Text('127.0.0.1')), fits: Type.Boolean(), advice: Type.String() })
  })
})
const { refusals } = refusalsIn(Type.Object({ status: Type.Integer(), message: Type.String() }))

/** For administrators: whom this request came from, as this server sees it through the gateways in between, and why. */
const doctor: FastifyPluginAsyncTypebox<{ trustProxy: readonly string[] }> = async (app, { trustProxy }) => {
  app.get('/doctor', {
    schema: { tags: ['gateway'], summary: 'The client address, scheme and host that a request came with, and whether TRUST_PROXY fits; for administrators', security: signedIn, response: { 200: Diagnosis, ...refusals(401, 403) } }
  }, async request => {
    const { sub } = await app.verifyAccessToken(request)
    if (!await isAdministrator(app.db, sub)) throw new AuthError('forbidden', { reason: 'no administrator', accountId: sub })
    const peer = request.socket.remoteAddress ?? null
    return {
      status: 200,
      message: 'Request resolved',
      data: {
        peer,
        client: { value: request.requester.ip, from: source(request, 'x-forwarded-for', trustProxy, 'the connection') },
        scheme: { value: request.protocol, from: source(request, 'x-forwarded-proto', trustProxy, 'the connection') },
        host: { value: request.host, from: source(request, 'x-forwarded-host', trustProxy, 'Host') },
        trustProxy: { configured: [...trustProxy], ...judge(request, trustProxy) }
      }
    } as const
  })
}

/** Fastify counts the peer's word only if the peer is trusted; then `ips` has more than the peer itself. */
function peerIsTrusted (request: FastifyRequest, trustProxy: readonly string[]): boolean {
  return trustProxy.length > 0 && (request.ips?.length ?? 0) > 1
}

function source (request: FastifyRequest, header: string, trustProxy: readonly string[], otherwise: string): string {
  return peerIsTrusted(request, trustProxy) && request.headers[header] !== undefined ? header : otherwise
}

function judge (request: FastifyRequest, trustProxy: readonly string[]): { fits: boolean, advice: string } {
  const peer = request.socket.remoteAddress ?? 'unknown'
  const forwarded = request.headers['x-forwarded-for'] !== undefined
  if (!forwarded && trustProxy.length === 0) return { fits: true, advice: 'no gateway forwarded this request, and none is trusted' }
  if (!forwarded) return { fits: false, advice: 'TRUST_PROXY is set, but this request brought no X-Forwarded-For: it came past the gateway, or the gateway does not set it' }
  if (!peerIsTrusted(request, trustProxy)) return { fits: false, advice: `X-Forwarded-For came from ${peer}, which TRUST_PROXY does not name: it counts for nothing. If that is your gateway, set TRUST_PROXY=${peer}` }
  return { fits: true, advice: `X-Forwarded-For came from ${peer}, which TRUST_PROXY names` }
}

export default doctor
