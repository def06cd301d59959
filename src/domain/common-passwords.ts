import { createRequire } from 'node:module'
import type * as LanguageCommon from '@zxcvbn-ts/language-common'

/**
 * Leaks hold few passwords of a letter, a digit and a symbol, because few sites asked. Where one asks, people take a
 * common word and a usual ending, so these together are on the list as well: 600 words with some 4,000 endings.
 */
const COMMONEST = 600
const ownWords = ['aa', 'abc', 'abcd', 'admin', 'asd', 'changeme', 'india', 'indonesia', 'qwe']
const ending = /^(.+?)([@#!$._-]{0,3}(?:0?1|12|123|1234|12345|123456|20\d\d)?[@#!$._-]{0,3})$/

let lists: { listed: ReadonlySet<string>, words: ReadonlySet<string> } | undefined

/** The commonest passwords of public leaks, some 18,000 of which have 8 characters or more: 4 MB, which few starts ever need. */
function loadLists (): NonNullable<typeof lists> {
  const { dictionary } = createRequire(import.meta.url)('@zxcvbn-ts/language-common') as typeof LanguageCommon
  const leaked: readonly string[] = dictionary['passwords-common']
  return { listed: new Set(leaked), words: new Set([...leaked.slice(0, COMMONEST), ...ownWords]) }
}

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
  const { listed, words } = lists ??= loadLists()
  const folded = password.toLowerCase()
  if (listed.has(folded) || listed.has(withoutLookalikes(folded))) return true
  const [, word = ''] = ending.exec(folded) ?? []
  return words.has(word) || words.has(withoutLookalikes(word))
}

function withoutLookalikes (text: string): string {
  return text.replace(/[@431057$]/g, character => lookalikes[character] ?? character)
}
