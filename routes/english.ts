import type { Problem, ProblemCode } from '../plugins/errors.js'
import type { IssueRule } from '../src/domain/errors.js'

/** A failure's status and message, and the sentences of its list where they do not come from what was sent. */
type Failure = readonly [status: number, message: string, errors?: readonly string[]]

/** What contracts in English say of every failure; each puts its own where its document does. */
export const englishFailures = {
  access_token_required: [401, 'Access token required'],
  account_not_found: [401, 'Invalid or expired token'],
  body_too_large: [413, 'Payload too large'],
  current_password_incorrect: [400, 'Current password is incorrect'],
  current_password_required: [400, 'Current password is required'],
  email_not_verified: [403, 'Email not verified'],
  email_taken: [409, 'Email already exists'],
  forbidden: [403, 'Forbidden'],
  invalid_access_token: [401, 'Invalid or expired token'],
  invalid_credentials: [401, 'Invalid credentials'],
  invalid_input: [400, 'Validation failed'],
  invalid_invitation: [400, 'Invalid invitation token'],
  invitation_needed: [403, 'Registration at this outlet takes an invitation'],
  invitation_not_found: [404, 'Invitation not found'],
  invalid_refresh_token: [401, 'Invalid refresh token'],
  invalid_reset_token: [400, 'Invalid reset token'],
  invalid_restore_token: [400, 'Invalid restore token'],
  invalid_verification_token: [400, 'Invalid verification token'],
  last_administrator: [409, 'The last administrator must stay'],
  malformed_body: [400, 'Malformed JSON'],
  malformed_url: [400, 'Malformed URL'],
  not_found: [404, 'Not found'],
  old_password_incorrect: [400, 'Old password is incorrect'],
  outlet_closed: [403, 'Registration at this outlet is closed'],
  outlet_not_found: [400, 'Outlet not found'],
  outlet_taken: [409, 'Outlet already exists'],
  overloaded: [503, 'Service unavailable'],
  rate_limited: [429, 'Too many requests'],
  role_in_use: [409, 'Role is in use'],
  role_not_found: [400, 'Role not found'],
  role_protected: [409, 'An administrators\' role must stay, and not be self-assignable'],
  role_taken: [409, 'Role already exists'],
  session_not_found: [404, 'Session not found'],
  too_many_attempts: [429, 'Too many requests'],
  unavailable: [503, 'Service unavailable'],
  unexpected: [500, 'Internal server error'],
  unsupported_media_type: [415, 'Unsupported media type'],
  username_taken: [409, 'Username already exists']
} as const satisfies Record<ProblemCode, Failure>

/** What is wrong with a field. */
export const englishSentences: Record<IssueRule, (field: string) => string> = {
  boolean: field => `${field} must be true or false`,
  common: field => `${field} is one of the most common passwords`,
  cursor: field => `${field} must be the next of a page before`,
  either: field => `${field} or roles is needed, and not both`,
  email: field => `${field} must be a valid email address`,
  empty: () => 'body must have something to change',
  integer: field => `${field} must be a whole number from 1`,
  label: field => `${field} must be 1 to 100 characters, without control characters and without spaces at its ends`,
  limit: field => `${field} must be a whole number from 1 to 100`,
  list: field => `${field} must be a list`,
  mismatch: field => `${field} must match password`,
  name: field => `${field} must be 1 to 100 characters, not blank, without control characters`,
  no_digit: field => `${field} must contain a digit`,
  no_letter: field => `${field} must contain a letter`,
  no_symbol: field => `${field} must contain a symbol`,
  number: field => `${field} must be a whole number`,
  object: field => `${field === '' ? 'body' : field} must be an object`,
  permission: field => `${field} must be at most 64 small letters, digits, underscores, hyphens or single dots, a letter first`,
  phone: field => `${field} must be a valid phone number of at most 15 characters`,
  registration: field => `${field} must be open, invitation or closed`,
  required: field => `${field} is required`,
  roles: field => `${field} must name each role once, and one active role as the primary one`,
  search: field => `${field} must be at most 200 characters`,
  text: field => `${field} must be valid text`,
  time: field => `${field} must be a time such as 2026-01-05T08:00:00Z`,
  too_long: field => `${field} must be at most 128 characters`,
  too_many: field => `${field} must have at most 100 entries`,
  too_short: field => `${field} must be at least 8 characters`,
  type: field => `${field} must be a string`,
  unknown: field => `${field} is not allowed`,
  username: field => `${field} must be 3 to 50 letters, digits, dots, underscores, hyphens or single inner spaces`,
  uuid: field => `${field} must be a UUID`,
  uuids: field => `${field} must be at most 100 UUIDs, separated by commas`
}

/** @returns what a contract in English says of a problem; `errors` only where a list says more */
export function describeInEnglish ({ code, issues }: Problem, failures: Record<ProblemCode, Failure> = englishFailures, sentences = englishSentences): { status: number, message: string, errors?: readonly string[] } {
  const [status, message, errors = issues.map(({ field, rule }) => sentences[rule](field))] = failures[code]
  return { status, message, ...errors.length === 0 ? {} : { errors } }
}
