import type { PasswordRule } from './password-rules.js'

export type Language = 'en' | 'id'

/** What an application's contract demands of the domain, as data. */
export interface ContractPolicy {
  /** the contract's name: the audience of its tokens, and where its mail links lead */
  name: string
  /** seconds that an access token lives */
  accessLifetime: number
  /** seconds that a session lives from its beginning; refreshing never extends it */
  sessionLifetime: number
  /** the language of its mails */
  language: Language
  passwordRule: PasswordRule
  /** whether signing in waits for a proven address */
  requiresVerifiedEmail: boolean
}
