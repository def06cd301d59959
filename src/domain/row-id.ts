import { getRandomValues, randomInt } from 'node:crypto'
import { v7 } from 'uuid'

const last = { msecs: 0, seq: 0 }

/** Random bytes for many ids: asking the system for each costs more than the rest of it. */
const random = new Uint8Array(16 * 256)
let taken = random.length

function sixteenRandomBytes (): Uint8Array {
  if (taken === random.length) {
    getRandomValues(random)
    taken = 0
  }
  taken += 16
  return random.subarray(taken - 16, taken)
}

/**
 * Ids made in one process ascend, also within a millisecond (RFC 9562, section 6.2).
 *
 * @returns a new row's id: a UUID of version 7, made here rather than by the database so that PostgreSQL 14 serves too
 */
export function newRowId (now: Date): string {
  const msecs = now.getTime()
  last.seq = msecs === last.msecs ? last.seq + 1 : randomInt(2 ** 24)
  last.msecs = msecs
  return v7({ msecs, seq: last.seq, random: sixteenRandomBytes() })
}
