import type { ProblemCode, RenderProblem } from '../../plugins/errors.js'
import type { AccountProfile } from '../../src/domain/accounts.js'
import type { HistoryEntry } from '../../src/domain/audit.js'
import type { Issue, IssueRule } from '../../src/domain/errors.js'
import type { SessionView } from '../../src/domain/sessions.js'

const failures = {
  access_token_required: [401, 'Access token required'],
  body_too_large: [413, 'Payload too large'],
  current_password_incorrect: [400, 'Current password is incorrect'],
  email_not_verified: [403, 'Email not verified'],
  email_taken: [409, 'User with this email already exists'],
  forbidden: [403, 'Forbidden'],
  invalid_access_token: [401, 'Invalid or expired token'],
  invalid_credentials: [401, 'Invalid credentials'],
  invalid_input: [400, 'Validation failed'],
  invalid_refresh_token: [401, 'Invalid refresh token'],
  invalid_reset_token: [400, 'Invalid reset token'],
  invalid_verification_token: [400, 'Invalid verification token'],
  malformed_body: [400, 'Malformed JSON'],
  malformed_url: [400, 'Malformed URL'],
  not_found: [404, 'Not found'],
  old_password_incorrect: [400, 'Old password is incorrect'],
  outlet_not_found: [400, 'Outlet not found'],
  overloaded: [503, 'Service unavailable'],
  rate_limited: [429, 'Too many requests'],
  role_not_found: [400, 'Role not found'],
  session_not_found: [404, 'Session not found'],
  unavailable: [503, 'Service unavailable'],
  unexpected: [500, 'Internal server error'],
  unsupported_media_type: [415, 'Unsupported media type'],
  username_taken: [409, 'User with this username already exists']
} as const satisfies Record<ProblemCode, readonly [number, string]>

const rules: Record<IssueRule, (field: string) => string> = {
  common: field => `${field} is one of the most common passwords`,
  email: field => `${field} must be a valid email address`,
  empty: () => 'body must have something to change',
  limit: field => `${field} must be a whole number from 1 to 100`,
  mismatch: field => `${field} must match password`,
  no_digit: field => `${field} must contain a digit`,
  no_letter: field => `${field} must contain a letter`,
  no_symbol: field => `${field} must contain a symbol`,
  object: () => 'body must be an object',
  required: field => `${field} is required`,
  text: field => `${field} must be valid text`,
  too_long: field => `${field} must be at most 128 characters`,
  too_short: field => `${field} must be at least 8 characters`,
  type: field => `${field} must be a string`,
  unknown: field => `${field} is not allowed`,
  username: field => `${field} must be 3 to 50 letters, digits, dots, underscores, hyphens or single inner spaces`,
  uuid: field => `${field} must be a UUID`
}

export const renderProblem: RenderProblem = ({ code, issues }) => {
  const [status, message] = failures[code]
  const errors = issues.map(renderIssue)
  return { status, body: { status, message, ...errors.length === 0 ? {} : { errors } } }
}

function renderIssue ({ field, rule }: Issue): string {
  return rules[rule](field)
}

export function renderProfile (profile: AccountProfile) {
  const [role] = profile.roles
  return {
    id: profile.id,
    email: profile.email,
    username: profile.username,
    isConfirmed: profile.emailVerifiedAt !== null,
    outlet: profile.outlet,
    role: role === undefined ? null : { id: role.id, name: role.name, isAdmin: role.isAdmin },
    createdAt: profile.createdAt.toISOString(),
    updatedAt: profile.updatedAt.toISOString()
  }
}

export function renderSession (session: SessionView, currentId: string) {
  return {
    id: session.id,
    contract: session.contract,
    device: session.device,
    ip: session.ip,
    userAgent: session.userAgent,
    createdAt: session.createdAt.toISOString(),
    lastUsedAt: session.rotatedAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
    current: session.id === currentId
  }
}

export function renderHistoryEntry ({ id, type, contract, ip, userAgent, createdAt }: HistoryEntry) {
  return { id, type, contract, ip, userAgent, createdAt: createdAt.toISOString() }
}
