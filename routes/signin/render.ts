import { STATUS_CODES } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { RenderProblem } from '../../plugins/errors.js'
import type { AccountProfile } from '../../src/domain/accounts.js'
import { describeInEnglish, englishFailures, englishSentences } from '../english.js'

/** Where class-validator has a sentence, NestJS applications match on it. */
const sentences: typeof englishSentences = {
  ...englishSentences,
  email: field => `${field} must be an email`,
  empty: () => 'body should not be empty',
  integer: field => `${field} must be an integer number`,
  required: field => `${field} should not be empty`,
  too_long: field => `${field} must be shorter than or equal to 128 characters`,
  too_short: field => `${field} must be longer than or equal to 8 characters`,
  unknown: field => `property ${field} should not exist`
}

export const renderProblem: RenderProblem = (problem, request) => {
  const { status, message, errors } = describeInEnglish(problem, englishFailures, sentences)
  const said = problem.code === 'not_found' ? `Cannot ${request.method} ${pathOf(request)}` : errors ?? message
  return { status, body: { statusCode: status, error: STATUS_CODES[status], message: said } }
}

function pathOf (request: FastifyRequest): string {
  const [path = ''] = request.url.split('?')
  return path
}

export function renderUser ({ number, email, username, name }: AccountProfile) {
  return { id: number, email, username, name }
}

export function renderSignedUp (profile: AccountProfile) {
  return { ...renderUser(profile), createdAt: profile.createdAt.toISOString(), updatedAt: profile.updatedAt.toISOString() }
}

export function renderProfile ({ number, username, email }: AccountProfile) {
  return { userId: number, username, email }
}
