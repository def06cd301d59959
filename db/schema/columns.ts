import { timestamp } from 'drizzle-orm/pg-core'

/** A moment in UTC with the milliseconds that the contracts render; PostgreSQL keeps no more than is given. */
export const moment = () => timestamp({ withTimezone: true, precision: 3, mode: 'date' })
