import type { PasswordRule } from '../domain/password-rules.js'
import { ConfigError, readList, readUrl } from './variable.js'

/** What the configuration must know of a contract that can be served. */
export interface MountableContract {
  policy: { name: string, accessLifetime: number, sessionLifetime: number, passwordRule: PasswordRule }
  /** where its document puts it, and a bare name mounts it */
  documentedPrefix: string
  /** where it stands when all contracts are served */
  defaultPrefix: string
}

export interface Mount {
  name: string
  prefix: string
}

/** Seconds; both are the same where nothing refreshes. */
export interface Lifetimes {
  access: number
  refresh: number
}

/** What is kept for the server itself, now or later; no contract may stand there. */
const reserved = ['/docs', '/health', '/.well-known', '/gateway', '/admin', '/metrics']

/** @throws ConfigError where two of them would stand at one path, which is easily overlooked: contracts share documented ones */
export function readContracts (text: string, contracts: readonly MountableContract[]): Mount[] | undefined {
  const mounts = readList(text, part => {
    const [name = '', prefix] = splitPair(part)
    const contract = contracts.find(known => known.policy.name === name)
    return contract === undefined ? undefined : { name, prefix: prefix ?? contract.documentedPrefix }
  })
  if (mounts === undefined || !mounts.every(mount => isPrefix(mount.prefix))) return undefined
  if (new Set(mounts.map(mount => mount.name)).size < mounts.length) return undefined
  for (const mount of mounts) {
    const other = mounts.find(known => known.prefix === mount.prefix)
    const example = contracts.find(known => known.policy.name === mount.name)?.defaultPrefix ?? ''
    if (other !== undefined && other !== mount) throw new ConfigError(`CONTRACTS was ${JSON.stringify(text)}, but ${other.name} and ${mount.name} would both stand at ${mount.prefix}: name a prefix, such as ${mount.name}=${example}`)
  }
  return mounts
}

function isPrefix (prefix: string): boolean {
  return /^(?:\/[a-z0-9._~-]+)+$/i.test(prefix) && !reserved.some(path => prefix === path || prefix.startsWith(`${path}/`))
}

/** One URL for all contracts (under the key ''), or one for each that is named. */
export function readPairsOfUrls (text: string, names: readonly string[]): Map<string, string> | undefined {
  const single = readUrl(text, ['http:', 'https:'])
  if (single !== undefined && !text.includes(',')) return new Map([['', single]])
  const pairs = readList(text, part => {
    const [name = '', url = ''] = splitPair(part)
    const read = readUrl(url, ['http:', 'https:'])
    return names.includes(name) && read !== undefined ? [name, read] as const : undefined
  })
  return pairs === undefined ? undefined : new Map(pairs)
}

/** @returns what `LIFETIMES` takes; which contracts have no refresh is theirs to say */
export function lifetimesTaken (contracts: readonly MountableContract[]): string {
  const lasting = contracts.filter(contract => !refreshes(contract)).map(({ policy }) => policy.name)
  return `contract=access/refresh in seconds, separated by commas, access not longer than refresh${lasting.length === 0 ? '' : `, without /refresh for ${lasting.join(', ')}`}`
}

export function readLifetimes (text: string, contracts: readonly MountableContract[]): Map<string, Lifetimes> | undefined {
  const pairs = readList(text, part => {
    const [, name = '', access = '', refresh] = /^([^=]+)=(\d{1,9})(?:\/(\d{1,9}))?$/.exec(part) ?? []
    const contract = contracts.find(known => known.policy.name === name)
    if (contract === undefined || refreshes(contract) !== (refresh !== undefined)) return undefined
    const lifetimes = { access: Number(access), refresh: Number(refresh ?? access) }
    return lifetimes.access > 0 && lifetimes.access <= lifetimes.refresh ? [name, lifetimes] as const : undefined
  })
  return pairs === undefined ? undefined : new Map(pairs)
}

function refreshes ({ policy }: MountableContract): boolean {
  return policy.sessionLifetime > policy.accessLifetime
}

/** `a=b=c` is `a` and `b=c`; without the sign there is no second part. */
function splitPair (text: string): [string, string?] {
  const at = text.indexOf('=')
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
