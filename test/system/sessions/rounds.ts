/** Each race is run so often, and holds only if it is won every time. */
export const ROUNDS = 20

/** One after another: what happens at once is within a round. */
export async function inRounds<Result> (round: (number: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  for (let number = 0; number < ROUNDS; number++) results.push(await round(number))
  return results
}

/** How often each status came. */
export function tally (statuses: readonly number[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const status of statuses) counts[status] = (counts[status] ?? 0) + 1
  return counts
}
