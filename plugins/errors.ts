import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import { databaseFailure, framesOf } from '../db/failure.js'
import { AuthError, type ErrorCode, type Issue } from '../src/domain/errors.js'
import { validationIssues } from './validation.js'

/** Everything that can go wrong, as a contract has to render it: the domain's refusals and the framework's failures. */
export type ProblemCode = ErrorCode
  | 'access_token_required'
  | 'body_too_large'
  | 'malformed_body'
  | 'malformed_url'
  | 'not_found'
  | 'rate_limited'
  | 'unavailable'
  | 'unexpected'
  | 'unsupported_media_type'

export interface Problem {
  code: ProblemCode
  /** what is wrong with which field, for `invalid_input` */
  issues: readonly Issue[]
  /** seconds after which it is worth trying again */
  retryAfter?: number
}

/** A contract's own status and body for a problem; `request.routeOptions.config` holds what an endpoint says of itself. */
export type RenderProblem = (problem: Problem, request: FastifyRequest) => { status: number, body: object }

export type AnswerUnknown = (request: FastifyRequest, reply: FastifyReply) => boolean

export class MalformedBodyError extends Error {}
export class UnsupportedMediaTypeError extends Error {}

/** A request without any access token. */
export class AccessTokenRequiredError extends Error {}

/** Nobody can tell now which access tokens were revoked: none is accepted until that is known again. */
export class RevocationsStaleError extends Error {}

/** A handler had no answer within the time that one is given. */
export class TimeLimitError extends Error {}

/** Too many requests; `retryAfter` in seconds. */
export class RateLimitedError extends Error {
  readonly retryAfter: number
  constructor (retryAfter: number) {
    super('rate limit exceeded')
    this.retryAfter = retryAfter
  }
}

declare module 'fastify' {
  interface FastifyInstance {
    /**
     * Makes `render` the shape of every failure in this scope and of unknown paths beneath its prefix.
     *
     * @param answerUnknown is asked about an unknown path first; true where it has answered
     */
    renderProblems: (scope: FastifyInstance, render: RenderProblem, answerUnknown?: AnswerUnknown) => void
  }
}

/** Turns every error into a problem in one place, logs it once, and lets the scope's contract render it. */
export default fp<{ renderer: ProblemRenderers }>(async (app, { renderer }) => {
  app.decorate('renderProblems', (scope, render, answerUnknown) => {
    renderer.add(scope.prefix, render)
    scope.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, render))
    scope.setNotFoundHandler((request, reply) => {
      if (answerUnknown?.(request, reply) !== true) answer({ code: 'not_found', issues: [] }, request, reply, render)
    })
  })
}, { name: 'errors' })

/** Finds the renderer by path, for failures that come before routing. */
export interface ProblemRenderers {
  add: (prefix: string, render: RenderProblem) => void
  /** Fastify's `frameworkErrors`: a URL that cannot be parsed never reaches a scope's handler. */
  frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => void
}

export function createProblemRenderers (): ProblemRenderers {
  const renderers: Array<{ prefix: string, render: RenderProblem }> = []
  return {
    add (prefix, render) {
      renderers.push({ prefix, render })
      renderers.sort((one, other) => other.prefix.length - one.prefix.length)
    },
    frameworkErrors (error, request, reply) {
      const path = request.raw.url ?? ''
      const found = renderers.find(({ prefix }) => path === prefix || path.startsWith(`${prefix}/`) || prefix === '')
      if (found === undefined) throw error
      void reply.header('cache-control', 'no-store')
      sendProblem(error, request, reply, found.render)
    }
  }
}

function sendProblem (error: unknown, request: FastifyRequest, reply: FastifyReply, render: RenderProblem): void {
  const problem = toProblem(error, request)
  logProblem(problem, error, request)
  answer(problem, request, reply, render)
}

function answer (problem: Problem, request: FastifyRequest, reply: FastifyReply, render: RenderProblem): void {
  const { status, body } = render(problem, request)
  if (problem.retryAfter !== undefined) void reply.header('retry-after', problem.retryAfter)
  void reply.code(status).send(body)
}

function toProblem (error: unknown, request: FastifyRequest): Problem {
  if (error instanceof AuthError) {
    const retryAfter = error.code === 'overloaded' ? 1 : error.retryAfter
    return { code: error.code, issues: error.issues, ...retryAfter === undefined ? {} : { retryAfter } }
  }
  if (error instanceof RateLimitedError) return { code: 'rate_limited', issues: [], retryAfter: error.retryAfter }
  if (error instanceof RevocationsStaleError || error instanceof TimeLimitError) return { code: 'unavailable', issues: [], retryAfter: 1 }
  if (error instanceof AccessTokenRequiredError) return { code: 'access_token_required', issues: [] }
  if (error instanceof UnsupportedMediaTypeError) return { code: 'unsupported_media_type', issues: [] }
  if (error instanceof MalformedBodyError) return { code: 'malformed_body', issues: [] }
  // A client that goes away while it sends ends in the same code as a database that does.
  if (request.raw.readableAborted) return { code: 'malformed_body', issues: [] }
  if (databaseFailure(error)?.isOutage === true) return { code: 'unavailable', issues: [], retryAfter: 1 }
  return { ...frameworkProblem(error as FastifyError, request) }
}

function frameworkProblem (error: FastifyError, request: FastifyRequest): Problem {
  if (error.validation !== undefined) return { code: 'invalid_input', issues: validationIssues(error, request) }
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE': return { code: 'body_too_large', issues: [] }
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE': return { code: 'unsupported_media_type', issues: [] }
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_ASYNC_CONSTRAINT': return { code: 'malformed_url', issues: [] }
    case 'FST_ERR_MAX_PARAM_LENGTH': return { code: 'not_found', issues: [] }
    default: return { code: (error.statusCode ?? 500) < 500 ? 'malformed_body' : 'unexpected', issues: [] }
  }
}

/** Errors of the database carry the parameters of the statement in their message, password hashes too: only codes are logged. */
function logProblem (problem: Problem, error: unknown, request: FastifyRequest): void {
  const { code } = problem
  const failure = code === 'malformed_body' ? undefined : databaseFailure(error)
  if (failure !== undefined) {
    request.log.error({ problem: code, database: failure.code, constraint: failure.constraint, at: framesOf(error) }, 'the database failed')
  } else if (code === 'unexpected') {
    request.log.error({ problem: code, err: error }, 'unexpected error')
  } else {
    request.log.info({ problem: code, ...refusalOf(error), requester: request.requester }, 'refused')
  }
}

function refusalOf (error: unknown): object {
  return error instanceof AuthError ? { reason: error.reason, detail: error.detail, account: error.accountId, session: error.sessionId } : {}
}
