import type { ProblemCode } from '../plugins/errors.js'
import { englishSentences } from '../routes/english.js'
import { failures } from '../routes/outlet/failures.js'
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

const codes = Object.keys(failures) as ProblemCode[]
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
  role_not_found: 'role_id',
  username_taken: 'username'
}

/**
 * Puts an error of the client into the words of these pages: the outlet contract's sentences tell which problem it is.
 *
 * @throws whatever is no error of the client's
 */
export function troubleOf (error: unknown): Trouble {
  if (error instanceof NetworkError) return { code: undefined, message: says.unreached, fields: {} }
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
  const said = codes.find(code => failures[code][0] === status && failures[code][1] === message)
  if (said !== undefined) return said
  // Answers that are not the contract's, such as a gateway's.
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
