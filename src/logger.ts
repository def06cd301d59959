import type { FastifyServerOptions } from 'fastify'

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
      err: error => ({ type: error.name, message: error.message, stack: error.stack ?? '' })
    }
  }
}
