import { isCommonPassword } from './common-passwords.js'
import { AuthError, type IssueRule } from './errors.js'

const SHORTEST = 8
const LONGEST = 128

/** UTF-16 units beyond which a text is not even normalised, which may make it 18 times as long. */
const LONGEST_TEXT = 1024

/** What a contract asks of a password that is being chosen, beyond 8 to 128 characters. */
export interface PasswordRule {
  /** kinds of character of which at least one must be there */
  needs: readonly CharacterKind[]
  /** whether the commonest passwords are refused */
  refusesCommon: boolean
}

export type CharacterKind = 'letter' | 'digit' | 'symbol'

const kinds = {
  letter: { pattern: /\p{L}/u, missing: 'no_letter' },
  digit: { pattern: /\p{Nd}/u, missing: 'no_digit' },
  symbol: { pattern: /[^\p{L}\p{M}\p{N}]/u, missing: 'no_symbol' }
} as const satisfies Record<CharacterKind, { pattern: RegExp, missing: IssueRule }>

/** The one form in which a password is measured, hashed and compared (NFKC, so that one keyboard's NFD is another's NFC). */
export function normalisePassword (text: string): string {
  return text.normalize('NFKC')
}

/** @returns whether a text is longer than any form of a password that could have been chosen */
export function isOverlong (text: string): boolean {
  return text.length > LONGEST_TEXT
}

/**
 * Checks a password that somebody chooses; one that is presented is only compared.
 *
 * @returns every rule that it breaks; none when it may be taken
 */
export function passwordIssues (text: string, rule: PasswordRule): IssueRule[] {
  if (isOverlong(text)) return ['too_long']
  const password = normalisePassword(text)
  const length = [...password].length
  if (length > LONGEST) return ['too_long']
  const broken: IssueRule[] = []
  if (length < SHORTEST) broken.push('too_short')
  for (const kind of rule.needs) {
    if (!kinds[kind].pattern.test(password)) broken.push(kinds[kind].missing)
  }
  if (broken.length === 0 && rule.refusesCommon && isCommonPassword(password)) broken.push('common')
  return broken
}

/**
 * Like {@link passwordIssues}, for a password that is about to be taken.
 *
 * @throws AuthError `invalid_input`
 */
export function requirePassword (text: string, rule: PasswordRule): void {
  const broken = passwordIssues(text, rule)
  if (broken.length > 0) throw new AuthError('invalid_input', { issues: broken.map(rule => ({ field: 'password', rule })) })
}
