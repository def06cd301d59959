import { dictionary } from '@zxcvbn-ts/language-common'

const leaked: readonly string[] = dictionary['passwords-common']

/** The commonest passwords of public leaks, commonest first; some 18,000 of them have 8 characters or more. */
const listed = new Set(leaked)

/**
 * Leaks hold few passwords of a letter, a digit and a symbol, because few sites asked. Where one asks, people take a
 * common word and one of these endings, so each of them on each of the commonest words is on the list as well:
 * some 8,000 more.
 */
const words = new Set(leaked.filter(word => /^[a-z]{4,}$/.test(word)).slice(0, 400))
const endings = ['1!', '1@', '1#', '1$', '@1', '#1', '!1', '12!', '12#', '@12', '123!', '123@', '123#', '!123', '@123', '#123', '_123', '@1234', '@2024', '@2025', '@2026']

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
  return endings.some(ending => {
    if (!folded.endsWith(ending)) return false
    const word = folded.slice(0, -ending.length)
    return words.has(word) || words.has(withoutLookalikes(word))
  })
}

function withoutLookalikes (text: string): string {
  return text.replace(/[@431057$]/g, character => lookalikes[character] ?? character)
}
