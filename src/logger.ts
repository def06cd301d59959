import type { FastifyServerOptions } from 'fastify'
import { databaseFailure, framesOf } from '../db/failure.js'

export interface LogDestination {
  write: (line: string) => void
}

/**
 * What the application logs with: JSON lines of pino. A request is logged by its route, never by its URL, headers or
 * body. Errors come here whole only when nobody foresaw them; those of the database never do (`plugins/errors.ts`).
 *
 * @param level `silent` for none
 * @param stream undefined for standard output
 */
export function logger (level: string, stream?: LogDestination): NonNullable<FastifyServerOptions['logger']> {
  return {
    level,
    ...stream === undefined ? {} : { stream },
    serializers: {
      req: request => ({ method: request.method }),
      err: describe
    }
  }
}

/** What the database says of a failure repeats the statement's parameters, in the stack as well. */
function describe (error: Error): { type: string, message: string, stack: string } {
  const { name, message, stack = '' } = error
  const failure = databaseFailure(error)
  if (failure === undefined) return { type: name, message, stack }
  return { type: name, message: `the database failed: ${failure.code}`, stack: framesOf(error).join('\n') }
}
