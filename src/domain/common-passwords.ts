import { dictionary } from '@zxcvbn-ts/language-common'

const leaked: readonly string[] = dictionary['passwords-common']

/** The commonest passwords of public leaks, commonest first; some 18,000 of them have 8 characters or more. */
const listed = new Set(leaked)

/**
 * Leaks hold few passwords of a letter, a digit and a symbol, because few sites asked. Where one asks, people take a
 * common word and a usual ending, so these together are on the list as well: 600 words with some 4,000 endings.
 */
const words = new Set([...leaked.slice(0, 600), 'aa', 'abc', 'abcd', 'admin', 'asd', 'changeme', 'india', 'indonesia', 'qwe'])
const ending = /^(.+?)([@#!$._-]{0,3}(?:0?1|12|123|1234|12345|123456|20\d\d)?[@#!$._-]{0,3})$/

/** What stands for a letter in `P@ssw0rd`. */
const lookalikes: Readonly<Record<string, string>> = { '@': 'a', 4: 'a', 3: 'e', 1: 'i', 0: 'o', $: 's', 5: 's', 7: 't' }

/** A document's own sample, which its contract accepts where it stands. */
const samples = new Set(['Password123!'])

/**
 * @param password in its normal form
 * @returns whether it is one of the commonest, whatever the case of its letters
 */
export function isCommonPassword (password: string): boolean {
  if (samples.has(password)) return false
  const folded = password.toLowerCase()
  if (listed.has(folded) || listed.has(withoutLookalikes(folded))) return true
  const [, word = ''] = ending.exec(folded) ?? []
  return words.has(word) || words.has(withoutLookalikes(word))
}

function withoutLookalikes (text: string): string {
  return text.replace(/[@431057$]/g, character => lookalikes[character] ?? character)
}
