import { isIP } from 'node:net'
import { resolve } from 'node:path'
import { normaliseEmail } from '../domain/email-address.js'
import { readPhoneRegion } from '../domain/phone-number.js'
import { passwordIssues } from '../domain/password-rules.js'
import { signingAlgorithms } from '../domain/signing-algorithms.js'
import { isUsername } from '../domain/username.js'
import { lifetimesTaken, type MountableContract, readContracts, readLifetimes, readPairsOfUrls } from './contract-variables.js'
import { hidden, oneOf, readList, readUrl, url, variable, wholeNumber, withoutPassword } from './variable.js'

const SECRET_BYTES = 32

/**
 * Every variable that Kunci reads, each with what it takes.
 *
 * @param contracts the contracts that can be served
 */
export function environment (contracts: readonly MountableContract[]) {
  const names = contracts.map(contract => contract.policy.name)
  return {
    NODE_ENV: oneOf('production', 'development', 'test'),
    HOST: variable('a host name or address', text => /^[\w.:-]+$/.test(text) ? text : undefined),
    PORT: wholeNumber(0, 65_535),
    DATABASE_URL: databaseUrl,
    DATABASE_DIRECT_URL: databaseUrl,
    DATA_DIR: variable('a folder', text => resolve(text)),
    AUTH_SECRET: variable(`one secret of ${SECRET_BYTES} bytes or more, or several separated by commas`, readSecrets, text => `${text.split(',').map(part => Buffer.byteLength(part.trim())).join(' and ')} bytes long`),
    CONTRACTS: variable('name or name=/prefix, separated by commas', text => readContracts(text, contracts)),
    PUBLIC_URL: url('an http:// or https:// URL without a query or fragment', 'http:', 'https:'),
    APP_URL: variable(`an http:// or https:// URL without a query or fragment, or contract=url pairs separated by commas, each of ${names.join(', ')} once`, text => readPairsOfUrls(text, names)),
    LIFETIMES: variable(lifetimesTaken(contracts), text => readLifetimes(text, contracts)),
    PHONE_REGION: variable('a country as ISO 3166-1 writes it in two letters, such as ID', readPhoneRegion),
    PAGES: onOrOff,
    CORS_ORIGINS: variable('exact origins such as https://app.example, separated by commas', text => readList(text, readOrigin)),
    COOKIE_NAME: variable('a cookie name', text => /^[\w!#$%&'*+.^`|~-]+$/.test(text) ? text : undefined),
    COOKIE_PATH: variable('a path that begins with /', text => /^\/[\w./~%-]*$/.test(text) ? text : undefined),
    COOKIE_SAMESITE: oneOf('Strict', 'Lax', 'None'),
    COOKIE_DOMAIN: variable('a domain name', text => /^\.?[a-z0-9-]+(?:\.[a-z0-9-]+)*$/i.test(text) ? text : undefined),
    SMTP_URL: url('an smtp:// or smtps:// URL', 'smtp:', 'smtps:'),
    MAIL_FROM: variable('an address, or a name and an address such as Kunci <no-reply@example.com>', readSender),
    REDIS_URL: redisUrl,
    TRUST_PROXY: variable('addresses or CIDR ranges separated by commas', text => readList(text, readAddressRange)),
    RATE_LIMIT: onOrOff,
    ACCOUNT_LIMIT: wholeNumber(1, 1000),
    ADMIN_EMAIL: variable('an email address', normaliseEmail),
    ADMIN_USERNAME: variable('3 to 50 letters, digits, dots, underscores, hyphens or single inner spaces', text => isUsername(text) ? text : undefined),
    ADMIN_PASSWORD: variable('8 to 128 characters that are none of the commonest passwords', text => passwordIssues(text, { needs: [], refusesCommon: true }).length === 0 ? text : undefined, hidden),
    REFRESH_GRACE: wholeNumber(0, 3600),
    REVOCATION_STALENESS: wholeNumber(2, 3600),
    JWT_ALGORITHM: oneOf(...signingAlgorithms),
    KEY_MAX_AGE: wholeNumber(3600, 999_999_999),
    WORKERS: wholeNumber(1, 64),
    LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent')
  }
}

/**
 * The variables that switch the list of the commonest passwords on, each named after its contract, where that leaves it off.
 *
 * @returns the contract that each is about, by the variable's name
 */
export function passwordListVariables (contracts: readonly MountableContract[]): Map<string, string> {
  const lenient = contracts.filter(({ policy }) => !policy.passwordRule.refusesCommon)
  return new Map(lenient.map(({ policy: { name } }) => [`${name.toUpperCase()}_PASSWORD_LIST`, name]))
}

export const onOrOff = oneOf('on', 'off')

const databaseUrl = variable('a postgres:// URL with a host, special characters in its credentials percent-encoded', text => readServerUrl(text, ['postgres:', 'postgresql:']), withoutPassword)

const redisUrl = variable('a redis:// or rediss:// URL with a host, perhaps the number of a database as its path, special characters in its credentials percent-encoded', text => {
  const read = readServerUrl(text, ['redis:', 'rediss:'])
  if (read === undefined) return undefined
  const { pathname, search, hash } = new URL(read)
  return /^(?:\/\d{1,5})?$/.test(pathname) && search + hash === '' ? read : undefined
}, withoutPassword)

/** With a host, and with credentials that can be decoded, or the client fails with an error of its own. */
function readServerUrl (text: string, protocols: readonly string[]): string | undefined {
  const read = readUrl(text, protocols)
  if (read === undefined) return undefined
  const { host, username, password } = new URL(read)
  return host !== '' && isDecodable(username) && isDecodable(password) ? read : undefined
}

function isDecodable (text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

function readSecrets (text: string): [string, ...string[]] | undefined {
  const [first, ...others] = readList(text, part => Buffer.byteLength(part) >= SECRET_BYTES ? part : undefined) ?? []
  return first === undefined ? undefined : [first, ...others]
}

function readOrigin (text: string): string | undefined {
  const read = readUrl(text, ['http:', 'https:'])
  return read !== undefined && new URL(read).origin === read ? read : undefined
}

/** The name goes into a header: nothing in it may end the line or begin another address. */
function readSender (text: string): { name: string, address: string } | undefined {
  const [, name = '', bracketed, bare] = /^(?:([^<>@,;:"\\\r\n]*)<([^<>]*)>|([^<>]*))$/.exec(text) ?? []
  const address = (bracketed ?? bare ?? '').trim()
  return /^[\w.+-]+@[a-z0-9.-]+$/i.test(address) ? { name: name.trim(), address } : undefined
}

function readAddressRange (text: string): string | undefined {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const family = isIP(address)
  if (family === 0) return undefined
  return prefix === undefined || Number(prefix) <= (family === 4 ? 32 : 128) ? text : undefined
}
