import { AuthError } from './errors.js'

const LONGEST = 100

/** `local@domain` in plain ASCII: an atom or several joined by dots, at a host name of two labels or more (a subset of RFC 5321). */
const PLAIN = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * Brings an address into the one form in which it is stored and compared: trimmed, in lower case.
 *
 * @returns undefined when it is not a plain ASCII `local@domain` of at most 100 characters
 */
export function normaliseEmail (text: string): string | undefined {
  const trimmed = text.trim()
  // Length first: an address of megabytes never reaches the pattern.
  if (trimmed.length > LONGEST) return undefined
  const email = trimmed.toLowerCase()
  // Lower-casing folds a few letters from beyond ASCII (the Kelvin sign) into it.
  if (email.length !== trimmed.length || !/^[\x21-\x7e]+$/.test(trimmed)) return undefined
  if (email.indexOf('@') > 64) return undefined
  // An encoded word (RFC 2047) where an address stands would be shown as something else.
  if (/=\?[^?]+\?[bq]\?/.test(email)) return undefined
  return PLAIN.test(email) ? email : undefined
}

/**
 * Like {@link normaliseEmail}, for a text that must be an address.
 *
 * @throws AuthError `invalid_input`
 */
export function requireEmail (text: string): string {
  const email = normaliseEmail(text)
  if (email === undefined) throw new AuthError('invalid_input', { issues: [{ field: 'email', rule: 'email' }] })
  return email
}
