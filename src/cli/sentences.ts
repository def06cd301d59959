import { englishSentences } from '../../routes/english.js'
import { AuthError, type ErrorCode } from '../domain/errors.js'
import { foreseenFailure } from '../start-failure.js'
import { Refusal, UsageError } from './refusal.js'
import { visible } from './output.js'

/** What becomes of a mail that a command queued. */
export const WHEN_SENT = 'A running server sends it within a second or two, otherwise the next one that starts.'

/** What every refusal of the domain means to whoever has the command line. */
const sentences = {
  account_not_found: 'there is no such account any more',
  current_password_incorrect: 'the current password is another one',
  current_password_required: 'the current password is needed',
  email_not_verified: 'the email address has not been verified',
  email_taken: 'another account has this email address, or had it lately and may take it back',
  forbidden: 'this is not allowed',
  invalid_access_token: 'the access token is not good',
  invalid_credentials: 'the credentials are not good',
  invalid_input: 'this is not taken',
  invalid_invitation: 'the invitation is not good any more',
  invalid_refresh_token: 'the refresh token is not good',
  invalid_reset_token: 'the reset token is not good',
  invalid_restore_token: 'the restore token is not good',
  invalid_verification_token: 'the verification token is not good',
  invitation_needed: 'registration at this outlet takes an invitation',
  invitation_not_found: 'there is no such invitation that is still good',
  last_administrator: 'this is the last administrator, and one must stay: make another first, by kunci role grant USER admin',
  old_password_incorrect: 'the old password is another one',
  outlet_closed: 'registration at this outlet is closed',
  outlet_not_found: 'there is no such outlet any more',
  outlet_taken: 'another outlet has this name',
  overloaded: 'too much is being done at once: try again in a moment',
  role_in_use: 'the role is in use',
  role_not_found: 'there is no such role any more',
  role_protected: 'a role of administrators is not for anybody to choose',
  role_taken: 'another role has this name, case aside',
  session_not_found: 'the account has no such session, or it has ended: kunci sessions list USER shows those that go on',
  too_many_attempts: 'too many wrong passwords: try again later',
  username_taken: 'another account has this username, case aside'
} as const satisfies Record<ErrorCode, string>

/**
 * @param databaseUrl the variable's value, of which only host and port are shown
 * @returns why a command failed, in one line
 */
export function failureLine (error: unknown, databaseUrl: string | undefined): string {
  if (error instanceof Refusal || error instanceof UsageError) return `kunci: ${visible(error.message)}`
  if (error instanceof AuthError) return `kunci: ${refusal(error)}`
  return foreseenFailure(error, databaseUrl) ?? `kunci: this should not have happened: ${visible(error instanceof Error ? `${error.name}: ${error.message}` : String(error))}`
}

function refusal ({ code, issues }: AuthError): string {
  return issues.length === 0 ? sentences[code] : issues.map(({ field, rule }) => englishSentences[rule](field)).join('; ')
}
