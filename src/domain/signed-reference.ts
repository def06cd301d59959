import { createHmac, timingSafeEqual } from 'node:crypto'
import { deriveKey } from './derived-key.js'

/**
 * What a reference is good for. A reference of one purpose is forged for every other, since each has a key of its own;
 * those that name a contract are good in that one alone. `recovery` is a reset in two steps: proven, then used up. A
 * `device` is no row: its counter is the time of its issue, in seconds since 1970.
 */
export type Purpose = `refresh:${string}` | `recovery:${string}` | 'verify-email' | 'reset-password' | 'restore-email' | 'invitation' | 'device'

/** @returns the purpose of recoveries through one contract, by its name */
export function recoveryPurpose (contract: string): `recovery:${string}` {
  return `recovery:${contract}`
}

/** Which row a token speaks of: both ids are UUIDs; the counter tells the row's generations apart. */
export interface Reference {
  accountId: string
  rowId: string
  /** 0 to 4,294,967,295 */
  counter: number
}

/**
 * Signs references to rows and reads them back. A signed reference is
 * `base64url(version, key id, account id, row id, counter, HMAC-SHA-256)`, 98 characters: nothing needs to be stored
 * to recognise it, and nothing that is stored can be turned into it.
 */
export interface ReferenceSigner {
  /** Signs with the first secret. The same reference gives the same text. */
  sign: (purpose: Purpose, reference: Reference) => string
  /** @returns undefined for whatever was not signed here for this purpose, without saying why */
  read: (purpose: Purpose, text: string) => Reference | undefined
}

const VERSION = 1
const BODY_BYTES = 1 + 4 + 16 + 16 + 4
const MAC_BYTES = 32
const TEXT_LENGTH = Math.ceil((BODY_BYTES + MAC_BYTES) * 4 / 3)

/** @param secrets at least one, of 32 bytes or more; the first signs, all of them verify */
export function createReferenceSigner (secrets: readonly [string, ...string[]]): ReferenceSigner {
  const current = createPurposeKeys(secrets[0])
  const keysById = new Map(secrets.map(createPurposeKeys).map(keys => [keys.id.toString('hex'), keys]))

  function sign (purpose: Purpose, { accountId, rowId, counter }: Reference): string {
    const body = Buffer.alloc(BODY_BYTES)
    body.writeUInt8(VERSION, 0)
    current.id.copy(body, 1)
    uuidBytes(accountId).copy(body, 5)
    uuidBytes(rowId).copy(body, 21)
    body.writeUInt32BE(counter, 37)
    return Buffer.concat([body, mac(current.of(purpose), body)]).toString('base64url')
  }

  function read (purpose: Purpose, text: string): Reference | undefined {
    if (text.length !== TEXT_LENGTH) return undefined
    const bytes = Buffer.from(text, 'base64url')
    // Decoding is lenient; only the text that encoding gives is the token (RFC 4648, section 3.5).
    if (bytes.toString('base64url') !== text || bytes[0] !== VERSION) return undefined
    const keys = keysById.get(bytes.toString('hex', 1, 5))
    if (keys === undefined) return undefined
    const body = bytes.subarray(0, BODY_BYTES)
    if (!timingSafeEqual(mac(keys.of(purpose), body), bytes.subarray(BODY_BYTES))) return undefined
    return { accountId: uuidText(body.subarray(5, 21)), rowId: uuidText(body.subarray(21, 37)), counter: body.readUInt32BE(37) }
  }

  return { sign, read }
}

/** One secret's public name and its key for each purpose, derived when first needed. */
function createPurposeKeys (secret: string): { id: Buffer, of: (purpose: Purpose) => Buffer } {
  const keys = new Map<Purpose, Buffer>()
  return {
    id: deriveKey(secret, 'key id', 4),
    of (purpose) {
      const known = keys.get(purpose)
      if (known !== undefined) return known
      const key = deriveKey(secret, `reference ${purpose}`, 32)
      keys.set(purpose, key)
      return key
    }
  }
}

function mac (key: Buffer, body: Buffer): Buffer {
  return createHmac('sha256', key).update(body).digest()
}

function uuidBytes (uuid: string): Buffer {
  return Buffer.from(uuid.replaceAll('-', ''), 'hex')
}

function uuidText (bytes: Buffer): string {
  const hex = bytes.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
