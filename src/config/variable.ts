import { type TSchema, Type } from '@sinclair/typebox'
import { TransformDecodeError, Value } from '@sinclair/typebox/value'

/** A variable whose value cannot be taken; the message is one line that names it, what it was and what it takes. */
export class ConfigError extends Error {
  constructor (message: string) {
    super(message)
    this.name = 'ConfigError'
  }
}

/**
 * A variable of the environment, as a TypeBox schema that decodes its text.
 *
 * @param takes ends the sentence "X takes …"
 * @param read gives undefined for a text that cannot be taken
 * @param show how a refused text is shown; the default quotes it, a secret must not be
 */
export function variable<Result> (takes: string, read: (text: string) => Result | undefined, show: (text: string) => string = quoted) {
  return Type.Transform(Type.String({ description: takes, show })).Decode(text => {
    const value = read(text)
    if (value === undefined) throw new Error(takes)
    return value
  }).Encode(String)
}

/**
 * Decodes one variable.
 *
 * @throws ConfigError for a text that it does not take
 */
export function decodeVariable (name: string, schema: TSchema, text: string): unknown {
  try {
    return Value.Decode(schema, text)
  } catch (error) {
    if (!(error instanceof TransformDecodeError)) throw error
    // A reader may know better than the general sentence what is wrong.
    if (error.error instanceof ConfigError) throw error.error
    throw new ConfigError(`${name} was ${schema['show'](text)}, but takes ${schema.description ?? ''}`)
  }
}

export const oneOf = <Name extends string>(...names: readonly Name[]) =>
  variable(`one of ${names.join(', ')}`, text => names.find(name => name === text))

export const wholeNumber = (least: number, most: number) =>
  variable(`a whole number from ${least} to ${most}`, text => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : NaN
    return number >= least && number <= most ? number : undefined
  })

/** A URL without a query, a fragment or a trailing slash. */
export const url = (takes: string, ...protocols: string[]) => variable(takes, text => readUrl(text, protocols), withoutPassword)

export function readUrl (text: string, protocols: readonly string[]): string | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, search, hash } = new URL(text)
  const isWeb = protocol === 'http:' || protocol === 'https:'
  if (!protocols.includes(protocol) || (isWeb && search + hash !== '')) return undefined
  return text.replace(/\/+$/, '')
}

/** Reads a comma-separated list; undefined when one part cannot be read. */
export function readList<Result> (text: string, read: (part: string) => Result | undefined): Result[] | undefined {
  const values = text.split(',').map(part => read(part.trim()))
  return values.every(value => value !== undefined) ? values : undefined
}

export const hidden = (): string => 'not acceptable (it is not shown)'

function quoted (text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}

/** Shows a URL without the credentials in it. */
export function withoutPassword (text: string): string {
  return quoted(text.replace(/\/\/.*@/s, '//…@'))
}
