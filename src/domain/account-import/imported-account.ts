import { normaliseEmail } from '../email-address.js'
import { readForeignHash } from '../foreign-hashes.js'
import { isPersonName } from '../person-name.js'
import { isPhoneNumber, type PhoneRegion } from '../phone-number.js'
import { isUsername } from '../username.js'
import type { ImportProblem, ImportRule } from './import-problem.js'
import { readMoment } from './moment.js'

/** What a line may say of an account. */
export const importFields = ['id', 'email', 'username', 'name', 'phone', 'outlet', 'roles', 'password_hash', 'email_verified', 'disabled', 'created_at'] as const

type ImportField = typeof importFields[number]

/** An account as it will be written. */
export interface ImportedAccount {
  /** undefined where it gets a new one */
  id: string | undefined
  email: string
  username: string | undefined
  name: string | undefined
  phone: string | undefined
  outletId: string | undefined
  /** the primary one first */
  roleIds: string[]
  /** undefined where its owner has to choose a password by a reset */
  passwordHash: string | undefined
  emailVerifiedAt: Date | undefined
  disabledAt: Date | undefined
  createdAt: Date
}

/** What lines refer to, and what holds where they say nothing. */
export interface ImportSetting {
  /** ids by name */
  outlets: ReadonlyMap<string, string>
  roles: ReadonlyMap<string, string>
  /** of an account whose line names none */
  outletId: string | undefined
  roleId: string
  phoneRegion: PhoneRegion
  now: Date
}

const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/
/** RFC 9562's two that stand for no row at all. */
const NOBODY = /^(?:0{8}-(?:0{4}-){3}0{12}|f{8}-(?:f{4}-){3}f{12})$/

/**
 * Reads what a line says of an account by the rules that hold for every account. No problem repeats a value: a hash may stand in
 * any field.
 *
 * @param fields by name; null is nothing said
 */
export function readImportedAccount (fields: Readonly<Record<string, unknown>>, setting: ImportSetting): { account: ImportedAccount } | { problems: ImportProblem[] } {
  const problems: ImportProblem[] = []
  const { now } = setting

  function refuse (field: string, rule: ImportRule): undefined {
    problems.push({ field, rule })
  }

  function text<Value> (field: ImportField, rule: ImportRule, read: (text: string) => Value | undefined): Value | undefined {
    const value = fields[field] ?? undefined
    if (value === undefined) return undefined
    if (typeof value !== 'string' || !value.isWellFormed() || value.includes('\0')) return refuse(field, 'text')
    return read(value) ?? refuse(field, rule)
  }

  function passwordHash (): string | undefined {
    const read = text('password_hash', 'hash_encoding', readForeignHash)
    return typeof read === 'string' ? refuse('password_hash', read) : read?.stored
  }

  function roleIds (): string[] {
    const named = fields['roles'] ?? []
    if (!Array.isArray(named) || named.some(name => typeof name !== 'string')) refuse('roles', 'roles')
    else if (named.some(name => !setting.roles.has(name))) refuse('roles', 'role')
    else if (named.length > 0) return [...new Set(named.flatMap(name => setting.roles.get(name) ?? []))]
    return [setting.roleId]
  }

  function yes (field: ImportField): boolean {
    const value = fields[field] ?? false
    if (typeof value !== 'boolean') refuse(field, 'boolean')
    return value === true
  }

  function verifiedAt (): Date | undefined {
    if (typeof fields['email_verified'] === 'string') return text('email_verified', 'time', text => readMoment(text, now))
    return yes('email_verified') ? now : undefined
  }

  for (const field of Object.keys(fields)) {
    if (!importFields.some(known => known === field)) refuse(/^\w{1,40}$/.test(field) ? field : '', 'unknown')
  }
  const email = text('email', 'email', normaliseEmail)
  if ((fields['email'] ?? undefined) === undefined) refuse('email', 'required')
  const account = {
    id: text('id', 'uuid', text => UUID.test(text.toLowerCase()) && !NOBODY.test(text.toLowerCase()) ? text.toLowerCase() : undefined),
    username: text('username', 'username', text => isUsername(text) ? text : undefined),
    name: text('name', 'name', text => isPersonName(text) ? text : undefined),
    phone: text('phone', 'phone', text => isPhoneNumber(text, setting.phoneRegion) ? text : undefined),
    outletId: text('outlet', 'outlet', name => setting.outlets.get(name)) ?? setting.outletId,
    roleIds: roleIds(),
    passwordHash: passwordHash(),
    emailVerifiedAt: verifiedAt(),
    disabledAt: yes('disabled') ? now : undefined,
    createdAt: text('created_at', 'time', text => readMoment(text, now)) ?? now
  }
  return email === undefined || problems.length > 0 ? { problems } : { account: { email, ...account } }
}
