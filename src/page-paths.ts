/** Where Kunci's own pages stand, below the URL of the server; those that mails open have the names that `linkPage` gives. */
export const pagePaths = {
  home: '/',
  signIn: '/sign-in',
  register: '/register',
  checkMail: '/check-mail',
  forgotPassword: '/forgot-password',
  farewell: '/goodbye',

  verifyEmail: '/verify-email',
  resetPassword: '/reset-password',
  acceptInvitation: '/accept-invitation',
  restoreEmail: '/restore-email',
  recoverAccount: '/recover-account',

  account: '/account',
  accountPassword: '/account/password',
  accountSessions: '/account/sessions',
  accountHistory: '/account/history',
  accountData: '/account/data',

  manage: '/manage',
  manageUsers: '/manage/users',
  manageUser: '/manage/users/:id',
  manageRoles: '/manage/roles',
  manageOutlets: '/manage/outlets',
  manageInvitations: '/manage/invitations',
  manageSessions: '/manage/sessions',
  manageEvents: '/manage/events'
} as const

/** Where the files stand that the pages load. */
export const ASSETS_PATH = '/assets'

/** @returns the paths of which no contract may have a part, while there are pages */
export function pageRoots (): string[] {
  const roots = Object.values(pagePaths).map(path => `/${path.split('/')[1] ?? ''}`).filter(path => path !== '/')
  return [...new Set([...roots, ASSETS_PATH])]
}
