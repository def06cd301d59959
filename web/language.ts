import { en, type Sentences } from './languages/en.js'
import { id } from './languages/id.js'

const languages = { en, id } satisfies Record<string, Sentences>
type Language = keyof typeof languages

function isKnown (name: string): name is Language {
  return name in languages
}

/** The first of the browser's languages that there is. */
export const language: Language = navigator.languages.map(tag => tag.split('-')[0] ?? '').find(isKnown) ?? 'en'

/** Everything that these pages say. */
export const says: Sentences = languages[language]

const moments = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
const days = new Intl.DateTimeFormat(language, { dateStyle: 'long' })

/** @param time as ISO 8601 has it */
export function moment (time: string): string {
  return moments.format(new Date(time))
}

/** @param time as ISO 8601 has it */
export function day (time: string): string {
  return days.format(new Date(time))
}
