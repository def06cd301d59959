import { englishFailures } from '../english.js'

/** What administration says of every failure. */
export const failures = {
  ...englishFailures,
  account_not_found: [404, 'User not found'],
  email_taken: [409, 'User with this email already exists'],
  outlet_not_found: [404, 'Outlet not found'],
  role_not_found: [404, 'Role not found'],
  username_taken: [409, 'User with this username already exists']
} as const
