import { METHODS } from 'node:http'
import { type FastifyPluginAsyncTypebox, type Static, Type } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AccessTokenRequiredError } from '../../plugins/errors.js'
import type { AccessClaims } from '../../src/domain/access-claims.js'
import { requireProfile } from '../../src/domain/accounts.js'
import { AuthError } from '../../src/domain/errors.js'
import { refusalsIn } from '../refusals.js'
import { signedIn } from '../security.js'
import { authHeaders, NOBODY } from './auth-headers.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** switches @fastify/cors off for a route, which its types do not tell */
    cors?: false
  }
}

const OneOf = Type.Union([Type.String(), Type.Array(Type.String())])
const Demands = Type.Object({ role: Type.Optional(OneOf), permission: Type.Optional(OneOf), contract: Type.Optional(OneOf) })
const Verified = Type.Object({ status: Type.Literal(200), message: Type.Literal('Access token is valid') })
const { refusals } = refusalsIn(Type.Object({ status: Type.Integer(), message: Type.String() }))

/**
 * Forward authentication: says by its status whether a request may pass, and by its headers for whom. All of the headers are
 * set in every answer, empty where there is nothing to say, so that a gateway which copies them overwrites what a client sent.
 */
const verify: FastifyPluginAsyncTypebox = async app => {
  const schema = {
    tags: ['gateway'],
    summary: 'Whether an access token, of any contract, is good, by any method; role, permission and contract each demand one of the values given',
    security: signedIn,
    querystring: Demands,
    response: { 200: Verified, ...refusals(400, 401, 403) }
  }
  // A preflight is asked about like any request: answering it here would let it pass.
  const config = { cors: false, forGateways: true } as const
  app.addHook('onError', (_request, reply, _error, done) => {
    void reply.headers(NOBODY)
    done()
  })
  app.get('/verify', { schema, config }, answer)
  app.route({ method: otherMethods(app), url: '/verify', schema: { ...schema, hide: true }, config, handler: answer })

  async function answer (request: FastifyRequest<{ Querystring: Static<typeof Demands> }>, reply: FastifyReply) {
    const verified = await verifiedClaims(request, reply)
    const claims = app.revocations.hasOtherRoles(verified) ? await withRolesOfNow(verified) : verified
    request.subject = { accountId: claims.sub, sessionId: claims.sid, isGranted: true }
    if (!meets(request.query, claims)) {
      challenge(reply, 'insufficient_scope')
      throw new AuthError('forbidden', { reason: 'a demand of the gateway is not met', accountId: claims.sub })
    }
    void reply.headers(authHeaders(claims))
    return { status: 200, message: 'Access token is valid' } as const
  }

  async function verifiedClaims (request: FastifyRequest, reply: FastifyReply): Promise<Readonly<AccessClaims>> {
    try {
      return await app.verifyAccessToken(request)
    } catch (error) {
      if (error instanceof AuthError || error instanceof AccessTokenRequiredError) challenge(reply, 'invalid_token')
      throw error
    }
  }

  /** A token may outlive a change of roles or outlet: they are read from the account then. */
  async function withRolesOfNow (claims: Readonly<AccessClaims>): Promise<AccessClaims> {
    const { roles, outlet } = await requireProfile(app.db, claims.sub)
    const { outlet: _, ...others } = claims
    return { ...others, ...outlet === null ? {} : { outlet: outlet.id }, roles: roles.map(role => role.name), permissions: [...new Set(roles.flatMap(role => role.permissions))] }
  }
}

function meets ({ role, permission, contract }: Static<typeof Demands>, { roles, permissions, aud }: Readonly<AccessClaims>): boolean {
  return isMet(role, roles) && isMet(permission, permissions) && isMet(contract, [aud])
}

/** All that can reach a route beside GET and HEAD: WebDAV's as well, since a gateway asks by the method that it was sent. */
function otherMethods (app: FastifyInstance): string[] {
  const methods = METHODS.filter(method => !['CONNECT', 'GET', 'HEAD'].includes(method))
  for (const method of methods) if (!app.supportedMethods.includes(method)) app.addHttpMethod(method)
  return methods
}

/** RFC 6750, section 3. */
function challenge (reply: FastifyReply, error: 'invalid_token' | 'insufficient_scope'): void {
  void reply.header('www-authenticate', `Bearer error="${error}"`)
}

/** A demand that is repeated is met by any of its values. */
function isMet (demanded: string | string[] | undefined, held: readonly string[]): boolean {
  return demanded === undefined || [demanded].flat().some(value => held.includes(value))
}

export default verify
