import { randomUUID } from 'node:crypto'
import { asc, inArray, sql } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.js'
import { signingKeys } from '../../db/schema/signing-keys.js'
import { CLOCKS_APART, secondsAfter } from './clock.js'
import { openKey, sealKey } from './sealed-key.js'
import { generateKeyPairFor, type SigningAlgorithm } from './signing-algorithms.js'

/** A key that signs access tokens, both parts as PEM text. */
export interface SigningKey {
  kid: string
  algorithm: SigningAlgorithm
  publicKey: string
  privateKey: string
  /** when it begins to sign; before, it is only published */
  signsFrom: Date
}

/** One number for all instances: of several that would make a key at once, one does. */
const KEY_LOCK = 4_867_250_002

/** Seconds that whoever verifies tokens may keep the published keys. */
export const KEYS_KEPT = 300

/**
 * Seconds between a key's publication and its first signature: by then every set that was kept has been fetched anew, also by
 * a gateway that keeps for as long what a cache in between has kept for as long already, since hardly any looks at its age.
 */
export const KEY_NOTICE = 2 * KEYS_KEPT + 60

/** Thrown when none of the secrets opens the stored signing keys. */
export class SigningKeysLockedError extends Error {
  constructor () {
    super('AUTH_SECRET opens none of the stored signing keys: give the secret that this database was set up with (a comma-separated list may hold old and new)')
    this.name = 'SigningKeysLockedError'
  }
}

/** What decides whether a key must be made. */
export interface KeyPlan {
  /** what new keys are for; where the newest is for another, one is made */
  algorithm: SigningAlgorithm
  /** seconds that a key signs before another takes over */
  maxAge: number
  /** seconds between a key's publication and its first signature: as long as others may keep what was published before */
  notice: number
}

/** @param secrets the first encrypts, each is tried for opening */
export type Secrets = readonly [string, ...string[]]

/**
 * Reads the signing keys, in the order in which they begin to sign. Those that no secret opens are left out.
 *
 * @throws SigningKeysLockedError when there are keys and no secret opens any
 */
export async function readSigningKeys (db: Executor, secrets: Secrets): Promise<SigningKey[]> {
  const stored = await db.select().from(signingKeys).orderBy(asc(signingKeys.signsFrom), asc(signingKeys.createdAt), asc(signingKeys.kid))
  const keys = stored.flatMap(({ kid, algorithm, publicKey, encryptedPrivateKey, signsFrom }) => {
    const privateKey = openKey(encryptedPrivateKey, kid, secrets)
    return privateKey === undefined ? [] : [{ kid, algorithm: algorithm as SigningAlgorithm, publicKey, privateKey, signsFrom }]
  })
  if (stored.length > 0 && keys.length === 0) throw new SigningKeysLockedError()
  return keys
}

/** @returns the key that signs now: of those that have begun, the last */
export function currentKey (keys: readonly SigningKey[], now: Date): SigningKey | undefined {
  return keys.findLast(key => key.signsFrom <= now)
}

/**
 * Makes a key where the plan asks for one: the first, which signs at once; or the next, where the newest is too old or for
 * another algorithm.
 *
 * @returns all keys, like {@link readSigningKeys}
 * @throws SigningKeysLockedError
 */
export async function keepSigningKeys (db: Database, secrets: Secrets, plan: KeyPlan, now: Date): Promise<SigningKey[]> {
  const keys = await readSigningKeys(db, secrets)
  if (!isDue(keys, plan, now)) return keys
  return await db.transaction(async tx => {
    await tx.execute(sql`select pg_advisory_xact_lock(${KEY_LOCK})`)
    const known = await readSigningKeys(tx, secrets)
    if (!isDue(known, plan, now)) return known
    const signsFrom = known.length === 0 ? now : secondsAfter(now, plan.notice)
    return [...known, await addKey(tx, secrets, plan.algorithm, signsFrom, now)]
  })
}

function isDue (keys: readonly SigningKey[], { algorithm, maxAge }: KeyPlan, now: Date): boolean {
  const newest = keys.at(-1)
  return newest === undefined || newest.algorithm !== algorithm || secondsAfter(newest.signsFrom, maxAge) <= now
}

/**
 * Makes the next key, whatever the age of the one before.
 *
 * @param notice seconds until it signs
 */
export async function rotateSigningKeys (db: Database, secrets: Secrets, algorithm: SigningAlgorithm, notice: number, now: Date): Promise<SigningKey> {
  return await db.transaction(async tx => {
    await tx.execute(sql`select pg_advisory_xact_lock(${KEY_LOCK})`)
    await readSigningKeys(tx, secrets)
    return await addKey(tx, secrets, algorithm, secondsAfter(now, notice), now)
  })
}

async function addKey (tx: Executor, secrets: Secrets, algorithm: SigningAlgorithm, signsFrom: Date, now: Date): Promise<SigningKey> {
  const pair = await generateKeyPairFor(algorithm)
  const kid = randomUUID()
  await tx.insert(signingKeys).values({ kid, algorithm, publicKey: pair.publicKey, encryptedPrivateKey: sealKey(pair.privateKey, kid, secrets[0]), createdAt: now, signsFrom })
  return { kid, algorithm, ...pair, signsFrom }
}

/**
 * @param lifetime seconds that the longest-lived access token lives
 * @returns the keys whose tokens have all expired, by whosever clock, since another took over that long ago and two hours more
 */
export function expiredKeys (keys: readonly SigningKey[], lifetime: number, now: Date): SigningKey[] {
  return keys.filter((_key, at) => {
    const successor = keys[at + 1]
    return successor !== undefined && secondsAfter(successor.signsFrom, lifetime + CLOCKS_APART) <= now
  })
}

export async function removeSigningKeys (db: Executor, kids: readonly string[]): Promise<void> {
  if (kids.length > 0) await db.delete(signingKeys).where(inArray(signingKeys.kid, [...kids]))
}
