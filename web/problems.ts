import type { ProblemCode } from '../plugins/errors.js'
import { englishSentences } from '../routes/english.js'
import { failures as administration } from '../routes/admin/failures.js'
import { failures as outlet } from '../routes/outlet/failures.js'
import type { IssueRule } from '../src/domain/errors.js'
import { KunciError, NetworkError } from '../src/client/client.js'
import { language, says } from './language.js'

/** Why something did not work, for whoever wanted it. */
export interface Trouble {
  /** undefined where the server's sentence is all that is known */
  code: ProblemCode | undefined
  message: string
  /** sentences by field */
  fields: Readonly<Record<string, string>>
}

/** What is wrong with a field before the server is asked. */
export class FieldError extends Error {
  readonly field: string

  constructor (field: string, sentence: string) {
    super(sentence)
    this.field = field
  }
}

const catalogues = [outlet, administration]
const codes = Object.keys(outlet) as ProblemCode[]
const rules = Object.keys(englishSentences) as IssueRule[]

/** Where a problem is one of a field. */
const places: Partial<Record<ProblemCode, string>> = {
  current_password_incorrect: 'currentPassword',
  current_password_required: 'currentPassword',
  email_taken: 'email',
  invitation_needed: 'outlet_id',
  old_password_incorrect: 'oldPassword',
  outlet_closed: 'outlet_id',
  outlet_not_found: 'outlet_id',
  outlet_taken: 'name',
  role_not_found: 'role_id',
  role_taken: 'name',
  username_taken: 'username'
}

/**
 * Puts an error of the client into the words of these pages: the sentences of the outlet contract and of administration tell which
 * problem it is.
 *
 * @throws whatever is neither an error of the client's nor a `FieldError`
 */
export function troubleOf (error: unknown): Trouble {
  if (error instanceof NetworkError) return { code: undefined, message: says.unreached, fields: {} }
  if (error instanceof FieldError) return { code: 'invalid_input', message: says.problems.invalid_input, fields: { [error.field]: error.message } }
  if (!(error instanceof KunciError)) throw error
  const code = codeOf(error)
  const sentence = code === undefined ? error.message : says.problems[code]
  const place = code === undefined ? undefined : places[code]
  return {
    code,
    message: error.retryAfter === undefined ? sentence : `${sentence} ${says.tryAfter(duration(error.retryAfter))}`,
    fields: { ...fieldsIn(error.errors), ...place === undefined ? {} : { [place]: sentence } }
  }
}

function codeOf ({ status, message, errors }: KunciError): ProblemCode | undefined {
  // Several problems are told by a list, all under one message.
  if (errors.length > 0) return 'invalid_input'
  const said = codes.find(code => catalogues.some(failures => failures[code][0] === status && failures[code][1] === message))
  // Administration's is not about who asks.
  if (said === 'account_not_found' && status === 404) return 'not_found'
  if (said !== undefined) return said
  // Answers that are neither's, such as a gateway's.
  if (status === 429) return 'rate_limited'
  return status >= 500 ? 'unavailable' : undefined
}

/** All that is wrong with a field, by its name. */
function fieldsIn (sentences: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {}
  for (const sentence of sentences) {
    const [field = ''] = sentence.split(' ')
    const rule = rules.find(rule => englishSentences[rule](field) === sentence)
    fields[field] = [fields[field], rule === undefined ? sentence : says.rules[rule]].filter(part => part !== undefined).join(' ')
  }
  return fields
}

/** @param seconds such as `Retry-After` gives */
function duration (seconds: number): string {
  const [count, unit] = seconds < 90 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute']
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'long' }).format(count)
}
