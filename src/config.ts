import { resolve } from 'node:path'
import type { StaticDecode } from '@sinclair/typebox'
import { defaultMounts, type Lifetimes, type Mount, type MountableContract, requireRoomForPages } from './config/contract-variables.js'
import { environment, onOrOff, passwordListVariables } from './config/environment.js'
import { ConfigError, decodeVariable } from './config/variable.js'
import type { PhoneRegion } from './domain/phone-number.js'
import type { SigningAlgorithm } from './domain/signing-algorithms.js'

export interface Config {
  production: boolean
  /** whether npm started the process, through a shell of its own */
  startedByNpm: boolean
  host: string
  /** 0 takes a free one */
  port: number
  /** postgres:// URL; undefined for the embedded database */
  databaseUrl: string | undefined
  /** postgres:// URL that reaches the database without a pooler in between */
  databaseDirectUrl: string | undefined
  /** absolute path */
  dataDir: string
  /** undefined where one is to be generated into `dataDir` */
  secrets: [string, ...string[]] | undefined
  contracts: Mount[]
  /** without a trailing slash; undefined for the server's own */
  publicUrl: string | undefined
  /** page bases by contract, under '' for all others */
  appUrls: Map<string, string>
  lifetimes: Map<string, Lifetimes>
  /** contracts that refuse the commonest passwords though they leave it open */
  passwordLists: Set<string>
  /** whether the pages are served, beside the outlet contract */
  pages: boolean
  /** where a phone number without a country code is dialled */
  phoneRegion: PhoneRegion
  corsOrigins: string[]
  cookie: CookieConfig
  /** undefined where mail is written as files */
  smtpUrl: string | undefined
  mailFrom: { name: string, address: string }
  /** redis:// or rediss:// URL; undefined where instances share nothing but the database */
  redisUrl: string | undefined
  /** addresses or CIDR ranges whose forwarding headers count */
  trustProxy: string[]
  rateLimit: boolean
  /** wrong passwords that one identifier may have in 15 minutes */
  accountLimit: number
  administrator: { email: string, username: string | undefined, password: string } | undefined
  /** seconds */
  refreshGrace: number
  /** seconds without touch to the revocation feed after which no access token is accepted */
  revocationStaleness: number
  jwtAlgorithm: SigningAlgorithm
  /** seconds that a signing key signs before the next takes over */
  keyMaxAge: number
  /** processes that share the port */
  workers: number
  logLevel: string
}

export interface CookieConfig {
  name: string
  /** undefined for the contract's prefix */
  path: string | undefined
  sameSite: 'Strict' | 'Lax' | 'None'
  domain: string | undefined
}

type Variables = ReturnType<typeof environment>
type Values = { [Name in keyof Variables]?: StaticDecode<Variables[Name]> }

/**
 * Reads the configuration from the environment. An empty variable counts as unset.
 *
 * @param env such as `process.env`
 * @param contracts the contracts that can be served
 * @throws ConfigError, one line, for the first variable that cannot be taken
 */
export function readConfig (env: Readonly<Record<string, string | undefined>>, contracts: readonly MountableContract[]): Config {
  const values = decode(env, environment(contracts))
  if (values.NODE_ENV === 'production' && values.AUTH_SECRET === undefined) {
    throw new ConfigError('AUTH_SECRET was not set, but production takes one secret of 32 bytes or more')
  }
  const appUrls = values.APP_URL ?? new Map<string, string>()
  const firstApp = appUrls.get('')
  const mounts = values.CONTRACTS ?? defaultMounts(contracts)
  const pages = values.PAGES !== 'off' && mounts.some(({ name }) => name === 'outlet')
  if (pages) requireRoomForPages(mounts)
  return {
    production: values.NODE_ENV === 'production',
    startedByNpm: env['npm_lifecycle_event'] !== undefined,
    host: values.HOST ?? '127.0.0.1',
    port: values.PORT ?? 3000,
    databaseUrl: values.DATABASE_URL,
    databaseDirectUrl: values.DATABASE_DIRECT_URL ?? values.DATABASE_URL,
    dataDir: values.DATA_DIR ?? resolve('.data'),
    secrets: values.AUTH_SECRET,
    contracts: mounts,
    publicUrl: values.PUBLIC_URL ?? (firstApp === undefined ? undefined : new URL(firstApp).origin),
    appUrls,
    lifetimes: values.LIFETIMES ?? new Map<string, Lifetimes>(),
    passwordLists: readPasswordLists(env, contracts),
    pages,
    phoneRegion: values.PHONE_REGION ?? 'ID',
    corsOrigins: values.CORS_ORIGINS ?? [],
    cookie: readCookie(values),
    smtpUrl: values.SMTP_URL,
    mailFrom: values.MAIL_FROM ?? { name: 'Kunci', address: 'no-reply@localhost' },
    redisUrl: values.REDIS_URL,
    trustProxy: values.TRUST_PROXY ?? [],
    rateLimit: values.RATE_LIMIT !== 'off',
    accountLimit: values.ACCOUNT_LIMIT ?? 10,
    administrator: readAdministrator(values),
    refreshGrace: values.REFRESH_GRACE ?? 30,
    revocationStaleness: values.REVOCATION_STALENESS ?? 10,
    jwtAlgorithm: values.JWT_ALGORITHM ?? 'ES256',
    keyMaxAge: values.KEY_MAX_AGE ?? 90 * 24 * 3600,
    workers: values.WORKERS ?? 1,
    logLevel: values.LOG_LEVEL ?? 'info'
  }
}

function decode (env: Readonly<Record<string, string | undefined>>, variables: Variables): Values {
  const values: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(variables)) {
    const text = textOf(env, name)
    if (text !== undefined) values[name] = decodeVariable(name, schema, text)
  }
  return values
}

function textOf (env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const text = env[name]?.trim()
  return text === '' ? undefined : text
}

function readPasswordLists (env: Readonly<Record<string, string | undefined>>, contracts: readonly MountableContract[]): Set<string> {
  const switched = [...passwordListVariables(contracts)].filter(([variable]) => {
    const text = textOf(env, variable)
    return text !== undefined && decodeVariable(variable, onOrOff, text) === 'on'
  })
  return new Set(switched.map(([, contract]) => contract))
}

function readCookie (values: Values): CookieConfig {
  const cookie = { name: values.COOKIE_NAME ?? 'refresh_token', path: values.COOKIE_PATH, sameSite: values.COOKIE_SAMESITE ?? 'Strict', domain: values.COOKIE_DOMAIN }
  if (cookie.name.startsWith('__Host-') && (cookie.path !== '/' || cookie.domain !== undefined)) {
    throw new ConfigError(`COOKIE_NAME was "${cookie.name}", but takes the prefix __Host- only with COOKIE_PATH=/ and without COOKIE_DOMAIN`)
  }
  return cookie
}

function readAdministrator (values: Values): Config['administrator'] {
  const { ADMIN_EMAIL: email, ADMIN_USERNAME: username, ADMIN_PASSWORD: password } = values
  if (email === undefined && username === undefined && password === undefined) return undefined
  if (email === undefined) throw new ConfigError('ADMIN_EMAIL was not set, but ADMIN_USERNAME and ADMIN_PASSWORD take it along')
  if (password === undefined) throw new ConfigError('ADMIN_PASSWORD was not set, but ADMIN_EMAIL takes it along')
  return { email, username, password }
}
