import { hashRawSync, type Options } from '@node-rs/argon2'
import { base64Bytes, base64Digest } from './encoded-bytes.js'
import { type CostlyHash, digestHash, type ForeignHash, MOST_MEMORY } from './foreign-hash.js'

/** KiB times passes: about 0.4 s of one core. */
const MOST_WORK = 1_048_576
const MOST_LANES = 64

const FORM = /^(?:argon2\$|\$)(argon2(d|i|id)\$(?:v=(16|19)\$)?m=(\d{1,8}),t=(\d{1,8}),p=(\d{1,3})\$([^$]+)\$([^$]+))$/

const algorithms = { d: 0, i: 1, id: 2 } as const satisfies Record<string, Options['algorithm']>

/**
 * Argon2 as a PHC string, with or without Django's `argon2$` before it. It is stored with that, as ours never is: our own are
 * made of a password in its normal form, these of one as it was typed.
 */
export function readArgon2 (text: string): ForeignHash | CostlyHash | undefined {
  const [, bare = '', variant, version, memory, passes, lanes, saltText = '', digestText = ''] = FORM.exec(text) ?? []
  const salt = base64Bytes(saltText)
  const digest = base64Digest(digestText)
  if (!isVariant(variant) || salt === undefined || salt.length < 8 || digest === undefined) return undefined
  const [memoryCost, timeCost, parallelism] = [Number(memory), Number(passes), Number(lanes)]
  if (timeCost < 1 || parallelism < 1 || memoryCost < 8 * parallelism) return undefined
  if (memoryCost > MOST_MEMORY || memoryCost * timeCost > MOST_WORK || parallelism > MOST_LANES) return 'argon2_cost'
  // Without a version it is the one before there were any (0x10).
  const options = { algorithm: algorithms[variant], version: version === '19' ? 1 : 0, memoryCost, timeCost, parallelism, salt, outputLen: digest.length } as const satisfies Options
  return digestHash(`argon2$${bare}`, digest, password => hashRawSync(password, options))
}

function isVariant (text: string | undefined): text is keyof typeof algorithms {
  return text !== undefined && text in algorithms
}
