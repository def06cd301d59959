import type { HeldRole } from './roles.js'

/** What a session entitles its holder to at this moment: what its next tokens are made of. */
export interface Grant {
  /** the id of the access token to issue, and of the event that tells of it */
  tokenId: string
  issuedAt: Date
  accountId: string
  sessionId: string
  /** the counter of the refresh token in force */
  generation: number
  /** the session's absolute end */
  expiresAt: Date
  /** the account's token version: its tokens with a lower one may be void */
  accountVersion: number
  /** the version of the roles */
  rolesVersion: number
  outletId: string | null
  /** the account's active roles, the primary one first */
  roles: HeldRole[]
}
