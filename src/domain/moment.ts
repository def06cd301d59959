const FORM = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d)$/

/** @returns whether a text is a moment in ISO 8601 with its offset from UTC, on a day that there is, of a year from 1 to 9999 */
export function isMoment (text: string): boolean {
  const [whole, year, month, day] = FORM.exec(text) ?? []
  const time = Date.parse(text)
  if (whole === undefined || Number.isNaN(time)) return false
  // The parser takes the 30th of February for the 2nd of March.
  const lastDay = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  // What an offset makes of the first and last days is no year that the database takes.
  return Number(day) <= lastDay && /^(?!0000)\d{4}-/.test(new Date(time).toISOString())
}
