import type { PasswordRule } from './password-rules.js'

export type Language = 'en' | 'id'

/** What an application's contract demands of the domain, as data. */
export interface ContractPolicy {
  /** the contract's name: the audience of its tokens, and where its mail links lead */
  name: string
  /** seconds that an access token lives */
  accessLifetime: number
  /** seconds that a session lives from its beginning; refreshing never extends it. As long as an access token where nothing refreshes it */
  sessionLifetime: number
  /** the language of its mails */
  language: Language
  passwordRule: PasswordRule
  /** whether signing in waits for a proven address */
  requiresVerifiedEmail: boolean
  /** when a new address of an account takes effect; where at once, the old one can be restored for a while */
  newEmail: 'when_proven' | 'at_once'
}
