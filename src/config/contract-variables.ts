import type { PasswordRule } from '../domain/password-rules.js'
import { pageRoots } from '../page-paths.js'
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

/** @throws ConfigError that says what is wrong with which of them */
export function readContracts (text: string, contracts: readonly MountableContract[]): Mount[] | undefined {
  const refuse = (what: string) => { throw new ConfigError(`CONTRACTS was ${JSON.stringify(text)}, but ${what}`) }
  const mounts = readList(text, part => {
    const [name = '', prefix] = splitPair(part)
    const contract = contracts.find(known => known.policy.name === name)
    if (contract === undefined) return refuse(`no contract is named ${JSON.stringify(name)}: there are ${contracts.map(known => known.policy.name).join(', ')}`)
    return { name, prefix: prefix ?? contract.documentedPrefix }
  }) ?? []
  for (const { prefix } of mounts) {
    if (!/^(?:\/[a-z0-9._~-]+)+$/i.test(prefix)) return refuse(`${JSON.stringify(prefix)} is no path such as /auth, without a slash at its end`)
    const kept = reserved.find(path => prefix === path || prefix.startsWith(`${path}/`))
    if (kept !== undefined) return refuse(`${kept} is kept for the server itself`)
  }
  const twice = mounts.find((mount, at) => mounts.findIndex(other => other.name === mount.name) !== at)
  if (twice !== undefined) return refuse(`${twice.name} stands in it twice`)
  const clash = clashOf(mounts)
  if (clash !== undefined) {
    const [one, other] = clash
    const example = contracts.find(known => known.policy.name === other.name)?.defaultPrefix ?? ''
    return refuse(`${one.name} and ${other.name} would both stand at ${one.prefix}: name a prefix, such as ${other.name}=${example}`)
  }
  return mounts
}

/** @throws ConfigError for a contract that stands where a page does */
export function requireRoomForPages (mounts: readonly Mount[]): void {
  for (const { name, prefix } of mounts) {
    const root = pageRoots().find(path => prefix === path || prefix.startsWith(`${path}/`))
    if (root !== undefined) throw new ConfigError(`CONTRACTS puts ${name} at ${prefix}, but ${root} is kept for the pages: name another prefix, or set PAGES=off`)
  }
}

/** @returns two contracts at one path, if there are any */
function clashOf (mounts: readonly Mount[]): [Mount, Mount] | undefined {
  for (const mount of mounts) {
    const first = mounts.find(known => known.prefix === mount.prefix)
    if (first !== undefined && first !== mount) return [first, mount]
  }
  return undefined
}

/**
 * @returns where all contracts stand by themselves
 * @throws Error where two of them would share a path, which whoever wrote them must mend
 */
export function defaultMounts (contracts: readonly MountableContract[]): Mount[] {
  const mounts = contracts.map(({ policy, defaultPrefix }) => ({ name: policy.name, prefix: defaultPrefix }))
  const clash = clashOf(mounts)
  if (clash !== undefined) throw new Error(`the contracts ${clash[0].name} and ${clash[1].name} have the same default prefix, ${clash[0].prefix}`)
  return mounts
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
  return mapOf(pairs)
}

/** @returns what `LIFETIMES` takes; which contracts have no refresh is theirs to say */
export function lifetimesTaken (contracts: readonly MountableContract[]): string {
  const lasting = contracts.filter(contract => !refreshes(contract)).map(({ policy }) => policy.name)
  return `contract=access/refresh in seconds, separated by commas, each of ${contracts.map(({ policy }) => policy.name).join(', ')} once, access not longer than refresh${lasting.length === 0 ? '' : `, without /refresh for ${lasting.join(', ')}`}`
}

export function readLifetimes (text: string, contracts: readonly MountableContract[]): Map<string, Lifetimes> | undefined {
  const pairs = readList(text, part => {
    const [, name = '', access = '', refresh] = /^([^=]+)=(\d{1,9})(?:\/(\d{1,9}))?$/.exec(part) ?? []
    const contract = contracts.find(known => known.policy.name === name)
    if (contract === undefined || refreshes(contract) !== (refresh !== undefined)) return undefined
    const lifetimes = { access: Number(access), refresh: Number(refresh ?? access) }
    return lifetimes.access > 0 && lifetimes.access <= lifetimes.refresh ? [name, lifetimes] as const : undefined
  })
  return mapOf(pairs)
}

function refreshes ({ policy }: MountableContract): boolean {
  return policy.sessionLifetime > policy.accessLifetime
}

/** @returns undefined where a name stands twice: which of the two counts is nobody's guess */
function mapOf<Value> (pairs: ReadonlyArray<readonly [string, Value]> | undefined): Map<string, Value> | undefined {
  const map = new Map(pairs)
  return pairs === undefined || map.size < pairs.length ? undefined : map
}

/** `a=b=c` is `a` and `b=c`; without the sign there is no second part. */
function splitPair (text: string): [string, string?] {
  const at = text.indexOf('=')
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
