import type { BadLine, ImportProblem, ImportRule } from '../../domain/account-import/import-problem.js'
import { LONGEST_LINE } from './lines.js'

/** What is wrong, after the field's name. */
const words = {
  argon2_cost: 'takes more than a sign-in may (Argon2: m to 262144, m times t to 1048576, p to 64)',
  bcrypt_cost: 'takes more than a sign-in may (bcrypt: cost to 14)',
  boolean: 'is neither true nor false',
  columns: 'has another number of fields than the header',
  email: 'is no address',
  encoding: 'is not UTF-8',
  hash_encoding: 'is in no known encoding',
  json: 'is no JSON object',
  line_too_long: `is longer than ${LONGEST_LINE} bytes`,
  name: 'has 1 to 100 characters, none of them a control character',
  outlet: 'names no outlet that exists',
  pbkdf2_cost: 'takes more than a sign-in may (PBKDF2: 2000000 rounds, over all blocks of the digest)',
  phone: 'is no possible phone number of at most 15 characters',
  quotes: 'has a quote that is not doubled, or not closed on the line',
  repeated: 'stands in an earlier line too',
  required: 'is missing',
  role: 'names a role that does not exist',
  roles: 'is no list of names',
  scrypt_cost: 'takes more than a sign-in may (scrypt: N times r times p to 2097152, r to 64, p to 16)',
  taken: 'is taken',
  text: 'is no text',
  time: 'is no past time with its zone, such as 2024-05-01T12:00:00Z',
  unknown: 'is not known',
  username: 'has 3 to 50 letters, digits, dots, underscores, hyphens and single inner spaces',
  uuid: 'is no UUID'
} as const satisfies Record<ImportRule, string>

/** @returns what is wrong with a line, as one sentence without a value of it */
export function describeBadLine ({ problems }: BadLine): string {
  return problems.map(describeProblem).join('; ')
}

function describeProblem ({ field, rule, earlier }: ImportProblem): string {
  const said = earlier === undefined ? words[rule] : `stands in line ${earlier} too`
  const subject = field === '' ? (rule === 'unknown' ? 'a field' : 'the line') : field
  return `${subject} ${said}`
}
