/** A salt or digest of more has no known origin. */
const LONGEST = 128

/** A digest of less could be met by chance. */
const SHORTEST_DIGEST = 16

/**
 * @param text base64 in any of its alphabets (with `+/`, `-_`, or passlib's `./`), padded or not
 * @returns undefined for what is none, or holds more than 128 bytes
 */
export function base64Bytes (text: string): Buffer | undefined {
  const [, digits = ''] = /^([\w+/.-]*)={0,2}$/.exec(text) ?? []
  const bytes = Buffer.from(digits.replaceAll('.', '+'), 'base64')
  return digits !== '' && digits.length % 4 !== 1 && bytes.length <= LONGEST ? bytes : undefined
}

/** @returns undefined for what is no digest of 16 to 128 bytes in base64 */
export function base64Digest (text: string): Buffer | undefined {
  const bytes = base64Bytes(text)
  return bytes !== undefined && bytes.length >= SHORTEST_DIGEST ? bytes : undefined
}

/** @returns undefined for what is no digest of 16 to 128 bytes in hexadecimal */
export function hexDigest (text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'hex')
  return /^[\da-f]+$/i.test(text) && bytes.length * 2 === text.length && bytes.length >= SHORTEST_DIGEST && bytes.length <= LONGEST ? bytes : undefined
}
