/** What can go wrong by the rules of the domain. Each contract maps every code to its own status and text. */
export type ErrorCode =
  | 'account_not_found'
  | 'current_password_incorrect'
  | 'current_password_required'
  | 'email_not_verified'
  | 'email_taken'
  | 'forbidden'
  | 'invalid_access_token'
  | 'invalid_credentials'
  | 'invalid_input'
  | 'invalid_invitation'
  | 'invalid_refresh_token'
  | 'invalid_reset_token'
  | 'invalid_restore_token'
  | 'invalid_verification_token'
  | 'invitation_needed'
  | 'invitation_not_found'
  | 'last_administrator'
  | 'old_password_incorrect'
  | 'outlet_closed'
  | 'outlet_not_found'
  | 'outlet_taken'
  | 'overloaded'
  | 'role_in_use'
  | 'role_not_found'
  | 'role_protected'
  | 'role_taken'
  | 'session_not_found'
  | 'too_many_attempts'
  | 'username_taken'

/** One thing that is wrong with one field of the input. */
export interface Issue {
  /** the field's name as the caller sent it; empty for the input as a whole */
  field: string
  /** which rule it breaks, such as `required` or `too_short` */
  rule: IssueRule
}

export type IssueRule =
  | 'boolean'
  | 'common'
  | 'cursor'
  | 'either'
  | 'email'
  | 'empty'
  | 'integer'
  | 'label'
  | 'limit'
  | 'list'
  | 'mismatch'
  | 'name'
  | 'no_digit'
  | 'no_letter'
  | 'no_symbol'
  | 'number'
  | 'object'
  | 'permission'
  | 'phone'
  | 'registration'
  | 'required'
  | 'roles'
  | 'search'
  | 'text'
  | 'time'
  | 'too_long'
  | 'too_many'
  | 'too_short'
  | 'type'
  | 'unknown'
  | 'username'
  | 'uuid'
  | 'uuids'

interface ErrorDetails {
  reason?: string | undefined
  detail?: string | undefined
  accountId?: string | undefined
  sessionId?: string | undefined
  issues?: readonly Issue[]
  retryAfter?: number
}

/** A refusal by the domain's rules. It knows no status and no sentence; `reason` is for the log alone. */
export class AuthError extends Error {
  readonly code: ErrorCode
  readonly reason: string | undefined
  readonly issues: readonly Issue[]
  /** `reason` more exactly */
  readonly detail: string | undefined
  readonly accountId: string | undefined
  readonly sessionId: string | undefined
  /** seconds after which it is worth trying again */
  readonly retryAfter: number | undefined

  /**
   * @param code what was refused
   * @param details `reason` and `detail`: why, `accountId` and `sessionId`: whom it is about, for the log and never for the client; `issues`: what is wrong with which field; `retryAfter`: seconds
   */
  constructor (code: ErrorCode, details: ErrorDetails = {}) {
    // Where in the code it was refused says nothing that `code` and `reason` do not, and is a third of what a refusal costs.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(details.reason === undefined ? code : `${code}: ${details.reason}`)
    Error.stackTraceLimit = stackTraceLimit
    this.name = 'AuthError'
    this.code = code
    this.reason = details.reason
    this.detail = details.detail
    this.issues = details.issues ?? []
    this.accountId = details.accountId
    this.sessionId = details.sessionId
    this.retryAfter = details.retryAfter
  }
}
