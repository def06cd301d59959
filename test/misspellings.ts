/** @returns texts that are nearly a signed token, by what is wrong with them */
export function misspellings (token: string): Record<string, string> {
  const swapped = (at: number) => token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
  return {
    'a changed first character': swapped(0),
    'a changed middle': swapped(40),
    'a changed counter': swapped(54),
    'a changed last character': swapped(token.length - 1),
    'one cut at its end': token.slice(0, -1),
    'one cut at its start': token.slice(1)
  }
}
