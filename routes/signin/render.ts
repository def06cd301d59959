import { STATUS_CODES } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { RenderProblem } from '../../plugins/errors.js'
import type { AccountProfile } from '../../src/domain/accounts.js'
import type { IssueRule } from '../../src/domain/errors.js'
import { englishFailures } from '../english.js'

/** The sentences of class-validator, which NestJS applications match on. */
const sentences: Record<IssueRule, (field: string) => string> = {
  common: field => `${field} is one of the most common passwords`,
  email: field => `${field} must be an email`,
  empty: () => 'body should not be empty',
  integer: field => `${field} must be an integer number`,
  limit: field => `${field} must be an integer number from 1 to 100`,
  mismatch: field => `${field} must match password`,
  name: field => `${field} must be 1 to 100 characters, not blank, without control characters`,
  no_digit: field => `${field} must contain a digit`,
  no_letter: field => `${field} must contain a letter`,
  no_symbol: field => `${field} must contain a symbol`,
  number: field => `${field} must be a number string`,
  object: () => 'body must be an object',
  phone: field => `${field} must be a valid phone number`,
  required: field => `${field} should not be empty`,
  text: field => `${field} must be valid text`,
  too_long: field => `${field} must be shorter than or equal to 128 characters`,
  too_short: field => `${field} must be longer than or equal to 8 characters`,
  type: field => `${field} must be a string`,
  unknown: field => `property ${field} should not exist`,
  username: field => `${field} must be 3 to 50 letters, digits, dots, underscores, hyphens or single inner spaces`,
  uuid: field => `${field} must be a UUID`
}

export const renderProblem: RenderProblem = ({ code, issues }, request) => {
  const [statusCode, text] = englishFailures[code]
  const message = code === 'not_found' ? `Cannot ${request.method} ${pathOf(request)}` : text
  return { status: statusCode, body: { statusCode, error: STATUS_CODES[statusCode], message: code === 'invalid_input' ? issues.map(({ field, rule }) => sentences[rule](field)) : message } }
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
