import { v7 } from 'uuid'

/** @returns a new row's id: a UUID of version 7 (RFC 9562), made here rather than by the database so that PostgreSQL 14 serves too */
export function newRowId (now: Date): string {
  return v7({ msecs: now.getTime() })
}
