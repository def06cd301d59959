const FORM = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?:Z|([+-]\d\d)(?::?(\d\d))?)$/

/**
 * @param text RFC 3339, also as PostgreSQL writes it: `2024-05-01T12:00:00Z`, `2024-05-01 12:00:00.5+07`
 * @returns undefined for what is no such moment from 1970 to `now`
 */
export function readMoment (text: string, now: Date): Date | undefined {
  const [, date, time, hours, minutes = '00'] = FORM.exec(text) ?? []
  if (date === undefined) return undefined
  const moment = new Date(`${date}T${time}${hours === undefined ? 'Z' : `${hours}:${minutes}`}`)
  const isPast = moment.getTime() >= 0 && moment <= now
  // A day that its month does not have would be one of the next.
  return isPast && new Date(`${date}T00:00:00Z`).toISOString().startsWith(date) ? moment : undefined
}
