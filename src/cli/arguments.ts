import type { Command } from 'commander'
import { normaliseEmail } from '../domain/email-address.js'
import { isPersonName } from '../domain/person-name.js'
import { isUsername } from '../domain/username.js'
import { UsageError } from './refusal.js'

/** Makes a reader of an argument or an option's value, which says what is taken when it cannot be read. */
function reader<Value> (name: string, takes: string, read: (text: string) => Value | undefined): (text: string) => Value {
  return text => {
    const value = read(text)
    if (value === undefined) throw new UsageError(`${name} was ${JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)}, but takes ${takes}`)
    return value
  }
}

export const email = reader('EMAIL', 'a plain address of at most 100 characters, such as siti@example.com', normaliseEmail)

export const username = reader('--username', '3 to 50 letters, digits, dots, underscores, hyphens or single inner spaces', text => isUsername(text) ? text : undefined)

/** A name that people read, of a person or a thing. */
export const givenName = (name: string) => reader(name, '1 to 100 characters, none of them a control character, no space at the ends', text => isPersonName(text) && text === text.trim() ? text : undefined)

export const oneOf = <Name extends string>(name: string, names: readonly Name[]) => reader(name, `one of ${names.join(', ')}`, text => names.find(known => known === text))

export const form = (name: string, takes: string, pattern: RegExp) => reader(name, takes, text => pattern.test(text) ? text : undefined)

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

/** @returns whether a text may be the id of an account, a session or a mail */
export function isUuid (text: string): boolean {
  return UUID.test(text)
}

export const uuid = (name: string) => reader(name, 'a UUID', text => isUuid(text) ? text.toLowerCase() : undefined)

export const moment = (name: string) => reader(name, 'a time such as 2026-01-05T08:00:00Z, or a day such as 2026-01-05, which begins at 00:00 UTC', text => {
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text)) return undefined
  const time = new Date(text)
  // Nothing happened before 1970, and 30 February would be a day in March.
  return time.getTime() >= 0 && isInCalendar(text.slice(0, 10)) ? time : undefined
})

function isInCalendar (day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`)
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day)
}

/** What a list is read with: `--limit` and `--cursor`. */
export interface PageOptions {
  limit: number
  cursor?: string
}

const MOST_ROWS = 1000

const limit = reader('--limit', `a whole number from 1 to ${MOST_ROWS}`, text => /^[1-9]\d{0,3}$/.test(text) && Number(text) <= MOST_ROWS ? Number(text) : undefined)

/** @param cursor what the list's cursors look like */
export function addPageOptions (command: Command, cursor: RegExp): Command {
  return command
    .option('--limit <number>', `how many at most, 1 to ${MOST_ROWS}`, limit, 50)
    .option('--cursor <cursor>', 'goes on after the part before, which named it', form('--cursor', 'what the part before named as the next', cursor))
}

/** Every command's: `--json`, and an example in its help. */
export function finish (command: Command, ...examples: readonly string[]): Command {
  return command
    .option('--json', 'as one JSON document')
    .addHelpText('after', `\n${examples.length === 1 ? 'Example' : 'Examples'}:\n${examples.map(example => `  ${example}`).join('\n')}`)
}

/** For options that may be given several times. */
export function collected<Value> (read: (text: string) => Value): (text: string, before: readonly Value[] | undefined) => Value[] {
  return (text, before = []) => [...before, read(text)]
}
