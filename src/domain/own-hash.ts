/** argon2id with 19 MiB, two passes, one lane: OWASP's first recommendation. */
export const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

/** What our own hashes begin with, and those with the parameters of now. */
const OWN = '$argon2id$'
const CURRENT = `${OWN}v=19$m=${parameters.memoryCost},t=${parameters.timeCost},p=${parameters.parallelism}$`

/** @returns whether a stored hash was made here */
export function isOwnHash (storedHash: string): boolean {
  return storedHash.startsWith(OWN)
}

/** @returns whether a stored hash is another system's, or has other parameters than ours have now */
export function isOutdated (storedHash: string): boolean {
  return !storedHash.startsWith(CURRENT)
}
