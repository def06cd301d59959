const LONGEST = 100

/** @returns whether a text may be a person's name: 1 to 100 characters, not blank, none of them a control character */
export function isPersonName (text: string): boolean {
  return text.trim() !== '' && [...text].length <= LONGEST && !/\p{Cc}/u.test(text)
}

/** @returns whether a text may be what a role or an outlet is called: such a name, and none that a space at its end tells from another's */
export function isLabel (text: string): boolean {
  return isPersonName(text) && text.trim() === text
}
