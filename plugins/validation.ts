import type { FastifyError, FastifyRequest, FastifySchemaValidationError, FastifyServerOptions } from 'fastify'
import { cursors } from '../src/domain/administration/lists.js'
import { PERMISSION_NAME } from '../src/domain/administration/roles.js'
import { normaliseEmail } from '../src/domain/email-address.js'
import type { Issue, IssueRule } from '../src/domain/errors.js'
import { isMoment } from '../src/domain/moment.js'
import { isRegistration } from '../src/domain/outlets.js'
import { passwordIssues, type PasswordRule } from '../src/domain/password-rules.js'
import { isLabel, isPersonName } from '../src/domain/person-name.js'
import { isPhoneNumber, type PhoneRegion } from '../src/domain/phone-number.js'
import { isUsername } from '../src/domain/username.js'

/**
 * What a text may be, beyond being one. Schemas name a rule as `x-rule`; contracts render what it breaks.
 * Every text is well formed: no NUL, no lone surrogate, which no database takes. What stands behind a colon tells apart
 * what is one rule to whoever breaks it.
 */
const textRules = {
  text: () => true,
  name: isPersonName,
  email: text => normaliseEmail(text) !== undefined,
  username: isUsername,
  uuid: isUuid,
  uuids: text => text.split(',').every(isUuid) && text.split(',').length <= MOST_IDS,
  limit: text => /^(?:[1-9]\d?|100)$/.test(text),
  number: text => /^(?:0|[1-9]\d*)$/.test(text),
  phone: isPhoneNumber,
  label: isLabel,
  permission: text => PERMISSION_NAME.test(text),
  registration: isRegistration,
  search: text => [...text].length <= 200,
  time: isMoment,
  'cursor:accounts': text => cursors.accounts.test(text),
  'cursor:events': text => cursors.events.test(text),
  'cursor:ids': text => cursors.ids.test(text)
} satisfies Partial<Record<IssueRule | `${IssueRule}:${string}`, (text: string, region: PhoneRegion) => boolean>>

export type TextRule = keyof typeof textRules

const MOST_ISSUES = 20
const MOST_IDS = 100

/** A keyword's function in Ajv's own manner: what it found is left on the function. */
interface KeywordCheck {
  (text: string): boolean
  errors?: Array<{ keyword: string, params: { rule: IssueRule } }>
}

function keywordCheck (keyword: string, find: (text: string) => IssueRule[]): KeywordCheck {
  const check: KeywordCheck = text => {
    const rules = isWellFormed(text) ? find(text) : ['text' as const]
    check.errors = rules.map(rule => ({ keyword, params: { rule } }))
    return rules.length === 0
  }
  return check
}

function brokenBy (rule: TextRule): IssueRule {
  const [broken = rule] = rule.split(':')
  return broken as IssueRule
}

function isUuid (text: string): boolean {
  return /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(text)
}

function isWellFormed (text: string): boolean {
  return text.isWellFormed() && !text.includes('\0')
}

/**
 * Fastify's validator: no coercion, nothing removed, every mistake named.
 *
 * @param phoneRegion where a phone number without a country code is dialled
 */
export const validator = (phoneRegion: PhoneRegion): NonNullable<FastifyServerOptions['ajv']> => ({
  customOptions: {
    allErrors: true,
    coerceTypes: false,
    removeAdditional: false,
    useDefaults: false,
    keywords: [
      { keyword: 'x-rule', type: 'string', schemaType: 'string', errors: true, compile: (rule: TextRule) => keywordCheck('x-rule', text => textRules[rule](text, phoneRegion) ? [] : [brokenBy(rule)]) },
      { keyword: 'x-password', type: 'string', schemaType: 'object', errors: true, compile: (rule: PasswordRule) => keywordCheck('x-password', text => passwordIssues(text, rule)) }
    ]
  }
})

/** @returns what is wrong with which field, in the order of the schema's fields, unknown fields last */
export function validationIssues (error: FastifyError, request: FastifyRequest): Issue[] {
  const issues = (error.validation ?? []).map(toIssue)
  const missing = new Set(issues.filter(issue => issue.rule === 'required').map(issue => issue.field))
  const order = fieldsOf(error, request)
  const place = ({ field }: Issue) => {
    const at = order.indexOf(field.split('[')[0] ?? '')
    return at < 0 ? order.length : at
  }
  return issues
    // An empty text breaks every rule of its field; that it is missing says enough.
    .filter(issue => issue.rule === 'required' || !missing.has(issue.field))
    // Two keywords may say the same of one field.
    .filter((issue, at, all) => all.findIndex(({ field, rule }) => field === issue.field && rule === issue.rule) === at)
    .sort((one, other) => place(one) - place(other))
    .slice(0, MOST_ISSUES)
}

function fieldsOf (error: FastifyError, request: FastifyRequest): string[] {
  const context = error.validationContext as 'body' | 'params' | 'querystring' | undefined
  const schema = context === undefined ? undefined : request.routeOptions.schema?.[context]
  return Object.keys((schema as { properties?: object } | undefined)?.properties ?? {})
}

/** What is said of a value of another type than the one asked for. */
const typeRules: Readonly<Record<string, IssueRule>> = { array: 'list', boolean: 'boolean', integer: 'integer', object: 'object' }

/** @returns a field's name in the body, such as `roles[0].role_id` */
function fieldAt (pointer: string): string {
  const [name = '', ...below] = pointer.split('/').slice(1)
  return below.reduce((field, part) => /^\d+$/.test(part) ? `${field}[${part}]` : within(field, part), name)
}

function within (field: string, name = ''): string {
  return field === '' ? name : `${field}.${name}`
}

function toIssue (error: FastifySchemaValidationError): Issue {
  const field = fieldAt(error.instancePath)
  const params = error.params as { missingProperty?: string, additionalProperty?: string, rule?: IssueRule, type?: string }
  switch (error.keyword) {
    case 'required': return { field: within(field, params.missingProperty), rule: 'required' }
    case 'minLength': return { field, rule: 'required' }
    case 'additionalProperties': return { field: within(field, params.additionalProperty?.slice(0, 64)), rule: 'unknown' }
    case 'minProperties': return { field, rule: 'empty' }
    case 'minimum':
    case 'maximum': return { field, rule: 'integer' }
    case 'maxItems': return { field, rule: 'too_many' }
    case 'type': return { field, rule: typeRules[String(params.type)] ?? 'type' }
    default: return { field, rule: params.rule ?? 'text' }
  }
}
