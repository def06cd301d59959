/**
 * @param after what follows each job
 * @returns runs jobs one after the other, whatever becomes of those before
 */
export function createLine (after: () => void): <Result>(job: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve()
  return job => {
    const result = last.then(job).finally(after)
    last = result.catch(() => {})
    return result
  }
}
