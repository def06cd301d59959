import { en, type Sentences } from './languages/en.js'
import { id } from './languages/id.js'

const languages = { en, id } satisfies Record<string, Sentences>
type Language = keyof typeof languages

/** The first of the browser's languages that there is, with its region, by which dates are written. */
const locale = navigator.languages.find(tag => (tag.split('-')[0] ?? '') in languages) ?? 'en'

export const language = locale.split('-')[0] as Language

/** Everything that these pages say. */
export const says: Sentences = languages[language]

const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
const days = new Intl.DateTimeFormat(locale, { dateStyle: 'long' })

/** @param time as ISO 8601 has it */
export function moment (time: string): string {
  return moments.format(new Date(time))
}

/** @param time as ISO 8601 has it */
export function day (time: string): string {
  return days.format(new Date(time))
}
