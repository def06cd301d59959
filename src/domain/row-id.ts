import { randomInt } from 'node:crypto'
import { v7 } from 'uuid'

const last = { msecs: 0, seq: 0 }

/**
 * Ids made in one process ascend, also within a millisecond (RFC 9562, section 6.2).
 *
 * @returns a new row's id: a UUID of version 7, made here rather than by the database so that PostgreSQL 14 serves too
 */
export function newRowId (now: Date): string {
  const msecs = now.getTime()
  last.seq = msecs === last.msecs ? last.seq + 1 : randomInt(2 ** 24)
  last.msecs = msecs
  return v7({ msecs, seq: last.seq })
}
