/**
 * @param error what was caught
 * @param codes system error codes, such as `ENOENT`
 * @returns whether it is a system error with one of these codes
 */
export function hasCode (error: unknown, ...codes: string[]): boolean {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && codes.includes(error.code)
}

/**
 * For `.catch()`: goes on with undefined after the expected system errors and throws every other.
 * @param codes system error codes, such as `ENOENT`
 */
export function tolerate (...codes: string[]): (error: unknown) => undefined {
  return (error) => {
    if (!hasCode(error, ...codes)) throw error
    return undefined
  }
}
