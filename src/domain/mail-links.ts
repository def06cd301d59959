import type { TokenPurpose } from './one-time-tokens.js'
import { recoveryPurpose } from './signed-reference.js'

/** Mails with a link. */
export type LinkKind = 'choose_password' | 'invitation' | 'verify_email' | 'confirm_new_email' | 'reset_password' | 'recover_account' | 'restore_email'

/** Links that anybody, or an account's owner, can ask for. */
export type AskedLinkKind = Exclude<LinkKind, 'invitation' | 'restore_email'>

/** Mails that tell the account's owner what happened. */
export type NoticeKind = 'session_replayed' | 'password_changed' | 'email_changed' | 'deletion_requested'

/** The page of the application that a mail's link opens. */
const pages: Record<LinkKind, string> = {
  choose_password: 'reset-password',
  invitation: 'accept-invitation',
  verify_email: 'verify-email',
  confirm_new_email: 'verify-email',
  reset_password: 'reset-password',
  recover_account: 'recover-account',
  restore_email: 'restore-email'
}

export function isLinkKind (kind: LinkKind | NoticeKind): kind is LinkKind {
  return kind in pages
}

/** What counts against the limit of mails for an address. */
export const askedLinkKinds: readonly AskedLinkKind[] = ['choose_password', 'verify_email', 'confirm_new_email', 'reset_password', 'recover_account']

/** @returns the page's path below the application's base, without a slash before it */
export function linkPage (kind: LinkKind): string {
  return pages[kind]
}

/**
 * @param contract the name of the one that the mail was asked through
 * @returns what the token in a mail's link is good for
 */
export function linkPurpose (kind: AskedLinkKind, contract: string): Exclude<TokenPurpose, 'restore-email'>
export function linkPurpose (kind: Exclude<LinkKind, 'invitation'>, contract: string): TokenPurpose
export function linkPurpose (kind: Exclude<LinkKind, 'invitation'>, contract: string): TokenPurpose {
  switch (kind) {
    case 'verify_email':
    case 'confirm_new_email': return 'verify-email'
    case 'choose_password':
    case 'reset_password': return 'reset-password'
    case 'recover_account': return recoveryPurpose(contract)
    case 'restore_email': return 'restore-email'
  }
}

/** @returns seconds that the token of a mail lives, undefined for what its purpose has otherwise */
export function linkLifetime (kind: AskedLinkKind): number | undefined {
  return kind === 'choose_password' ? 7 * 24 * 3600 : undefined
}
