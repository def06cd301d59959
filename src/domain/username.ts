const FORM = /^[A-Za-z0-9._-]+(?: [A-Za-z0-9._-]+)*$/

/** @returns whether the text may be chosen: 3 to 50 of ASCII letters, digits, `.`, `_`, `-` and single inner spaces */
export function isUsername (text: string): boolean {
  return text.length >= 3 && text.length <= 50 && FORM.test(text)
}

/** @returns the one form in which usernames are compared, without case; undefined for what can be none */
export function normaliseUsername (text: string): string | undefined {
  return isUsername(text) ? text.toLowerCase() : undefined
}
