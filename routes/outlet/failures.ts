import { englishFailures } from '../english.js'

/** What the contract says of every failure. */
export const failures = {
  ...englishFailures,
  current_password_required: [400, 'Validation failed', ['currentPassword is required']],
  email_taken: [409, 'User with this email already exists'],
  username_taken: [409, 'User with this username already exists']
} as const
