import { readList, readUrl } from './variable.js'

/** What the configuration must know of a contract that can be served. */
export interface MountableContract {
  policy: { name: string }
  /** where its document puts it, and a bare name mounts it */
  documentedPrefix: string
  /** where it stands when all contracts are served */
  defaultPrefix: string
}

export interface Mount {
  name: string
  prefix: string
}

/** Seconds. */
export interface Lifetimes {
  access: number
  refresh: number
}

/** What is kept for the server itself, now or later; no contract may stand there. */
const reserved = ['/docs', '/health', '/.well-known', '/gateway', '/admin', '/metrics']

export function readContracts (text: string, contracts: readonly MountableContract[]): Mount[] | undefined {
  const mounts = readList(text, part => {
    const [name = '', prefix] = splitPair(part)
    const contract = contracts.find(known => known.policy.name === name)
    return contract === undefined ? undefined : { name, prefix: prefix ?? contract.documentedPrefix }
  })
  if (mounts === undefined || !mounts.every(mount => isPrefix(mount.prefix))) return undefined
  const distinct = new Set(mounts.map(mount => mount.prefix)).size === mounts.length && new Set(mounts.map(mount => mount.name)).size === mounts.length
  return distinct ? mounts : undefined
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

export function readLifetimes (text: string, names: readonly string[]): Map<string, Lifetimes> | undefined {
  const pairs = readList(text, part => {
    const [, name = '', access, refresh] = /^([a-z]+)=(\d{1,9})\/(\d{1,9})$/.exec(part) ?? []
    const lifetimes = { access: Number(access), refresh: Number(refresh) }
    return names.includes(name) && lifetimes.access > 0 && lifetimes.access <= lifetimes.refresh ? [name, lifetimes] as const : undefined
  })
  return pairs === undefined ? undefined : new Map(pairs)
}

/** `a=b=c` is `a` and `b=c`; without the sign there is no second part. */
function splitPair (text: string): [string, string?] {
  const at = text.indexOf('=')
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)]
}
