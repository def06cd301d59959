import { databaseFailure } from './failure.js'

/** @returns the name of the constraint or unique index that a statement broke, undefined for any other error */
export function constraintViolated (error: unknown): string | undefined {
  const failure = databaseFailure(error)
  // Class 23: integrity constraint violation.
  return failure?.code.startsWith('23') === true ? failure.constraint : undefined
}
