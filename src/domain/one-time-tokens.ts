import { and, desc, eq, gt, isNull, ne, not, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.js'
import { oneTimeTokens } from '../../db/schema/one-time-tokens.js'
import { secondsAfter } from './clock.js'
import { newRowId } from './row-id.js'
import type { Purpose, Reference } from './signed-reference.js'

/** What a mailed token is good for. */
export type TokenPurpose = Exclude<Purpose, `refresh:${string}` | 'invitation'>

const HOUR = 3600

/** @returns seconds that a mailed token lives */
function lifetimeOf (purpose: TokenPurpose): number {
  if (purpose === 'verify-email') return 24 * HOUR
  return purpose === 'restore-email' ? 7 * 24 * HOUR : HOUR
}

/** Former addresses of one account that can be restored at a time; more would let it keep strangers' addresses from them. */
const MOST_FORMER_ADDRESSES = 3

/** Spelt out, so that the index of former addresses is used. */
const isRestoration = sql`${oneTimeTokens.purpose} like 'restore-email:%'`

/** There is one token for each account and purpose, but one for each former address. */
function storedPurpose (purpose: TokenPurpose, id: string): string {
  return purpose === 'restore-email' ? `restore-email:${id}` : purpose
}

/** Which issue of which token row a mail carries. */
export interface IssuedToken {
  id: string
  counter: number
}

/** A token that can still be used. */
export interface UsableToken {
  /** the address that it proves */
  email: string
  /** whether it was proven, where using it up is a second step */
  isProven: boolean
}

/**
 * Issues a token for an account. The one before it, of the same purpose, is dead from this moment.
 *
 * @param token `email`: the address that it proves; `lifetime`: seconds, where it is not its purpose's
 */
export async function issueToken (db: Executor, token: { userId: string, purpose: Exclude<TokenPurpose, 'restore-email'>, email: string, lifetime?: number | undefined }, now: Date): Promise<IssuedToken> {
  const terms = { email: token.email, createdAt: now, expiresAt: secondsAfter(now, token.lifetime ?? lifetimeOf(token.purpose)), provenAt: null, usedAt: null }
  const [issued] = await db.insert(oneTimeTokens)
    .values({ userId: token.userId, id: newRowId(now), purpose: token.purpose, counter: 1, ...terms })
    .onConflictDoUpdate({
      target: [oneTimeTokens.userId, oneTimeTokens.purpose],
      set: { counter: sql`${oneTimeTokens.counter} + 1`, ...terms }
    })
    .returning({ id: oneTimeTokens.id, counter: oneTimeTokens.counter })
  if (issued === undefined) throw new Error('issuing a token returned no row')
  return issued
}

/**
 * Issues the token that restores a former address. Those of other former addresses stay good: whoever took an account
 * over and changes its address again must not kill the link that its owner holds. Call it with the account locked.
 *
 * @returns undefined when the account has as many restorable addresses as it may have
 */
export async function issueRestoreToken (tx: Executor, token: { userId: string, email: string }, now: Date): Promise<IssuedToken | undefined> {
  const former = await tx.select({ counter: oneTimeTokens.counter, isStanding: sql<boolean>`${isStanding(now)}` }).from(oneTimeTokens)
    .where(and(eq(oneTimeTokens.userId, token.userId), isRestoration))
  if (former.filter(token => token.isStanding).length >= MOST_FORMER_ADDRESSES) return undefined
  // The counter, not a clock, tells which address came first.
  const issued = { id: newRowId(now), counter: Math.max(0, ...former.map(token => token.counter)) + 1 }
  await tx.insert(oneTimeTokens).values({ ...token, ...issued, purpose: storedPurpose('restore-email', issued.id), createdAt: now, expiresAt: secondsAfter(now, lifetimeOf('restore-email')) })
  return issued
}

/** @returns undefined when the token is used, expired, superseded or unknown */
export async function findUsableToken (db: Executor, purpose: TokenPurpose, reference: Reference, now: Date): Promise<UsableToken | undefined> {
  const [token] = await db.select({ email: oneTimeTokens.email, provenAt: oneTimeTokens.provenAt }).from(oneTimeTokens).where(isUsable(purpose, reference, now))
  return token === undefined ? undefined : { email: token.email, isProven: token.provenAt !== null }
}

/** @returns the address that waits to be proven for an account, undefined when none does */
export async function findPendingAddress (db: Executor, userId: string, now: Date): Promise<string | undefined> {
  const [token] = await db.select({ email: oneTimeTokens.email }).from(oneTimeTokens).where(and(
    eq(oneTimeTokens.userId, userId), eq(oneTimeTokens.purpose, 'verify-email'), isStanding(now)))
  return token?.email
}

/** @returns whether an address was lately that of an account other than the one named, which may still take it back */
export async function isFormerAddress (db: Executor, email: string, now: Date, accountId?: string): Promise<boolean> {
  const [token] = await db.select({ id: oneTimeTokens.id }).from(oneTimeTokens).where(and(
    isRestoration,
    eq(oneTimeTokens.email, email),
    accountId === undefined ? undefined : ne(oneTimeTokens.userId, accountId),
    isStanding(now))).limit(1)
  return token !== undefined
}

/** What restores one of an account's former addresses. */
export interface FormerAddress {
  email: string
  /** grows with each further change: the lowest has the best right */
  counter: number
}

/** @returns what of an account's former addresses can be restored, the latest first */
export async function listFormerAddresses (db: Executor, userId: string, now: Date): Promise<FormerAddress[]> {
  return await db.select({ email: oneTimeTokens.email, counter: oneTimeTokens.counter }).from(oneTimeTokens)
    .where(and(eq(oneTimeTokens.userId, userId), isRestoration, isStanding(now))).orderBy(desc(oneTimeTokens.counter))
}

/** Proves a token that is used up in a later step; again, if it was before. Answers the address like {@link spendToken}. */
export async function proveToken (db: Executor, purpose: TokenPurpose, reference: Reference, now: Date): Promise<string | undefined> {
  const [token] = await db.update(oneTimeTokens).set({ provenAt: now }).where(isUsable(purpose, reference, now)).returning({ email: oneTimeTokens.email })
  return token?.email
}

/**
 * Spends a token; of two that try at once, one succeeds.
 *
 * @returns the address that it proves, undefined when it is used, expired, superseded or unknown
 */
export async function spendToken (db: Executor, purpose: TokenPurpose, reference: Reference, now: Date): Promise<string | undefined> {
  const [token] = await db.update(oneTimeTokens).set({ usedAt: now }).where(isUsable(purpose, reference, now)).returning({ email: oneTimeTokens.email })
  return token?.email
}

/**
 * Kills what was mailed for an account: a credential that changed must not be changed back by an older link. What
 * restores a former address stays good, since who took an account over would change its credentials first.
 *
 * @param except a purpose whose token stays, such as the one just spent
 */
export async function dropTokens (db: Executor, userId: string, except?: TokenPurpose): Promise<void> {
  await db.delete(oneTimeTokens).where(and(
    eq(oneTimeTokens.userId, userId),
    not(isRestoration),
    except === undefined ? undefined : ne(oneTimeTokens.purpose, except)))
}

/** Kills what would restore addresses that an account took on after a former one: the owner of that has the better right. */
export async function dropLaterRestoreTokens (db: Executor, { accountId, counter }: { accountId: string, counter: number }): Promise<void> {
  await db.delete(oneTimeTokens).where(and(
    eq(oneTimeTokens.userId, accountId), isRestoration, gt(oneTimeTokens.counter, counter)))
}

function isUsable (purpose: TokenPurpose, reference: Reference, now: Date) {
  return and(
    eq(oneTimeTokens.userId, reference.accountId),
    eq(oneTimeTokens.id, reference.rowId),
    eq(oneTimeTokens.purpose, storedPurpose(purpose, reference.rowId)),
    eq(oneTimeTokens.counter, reference.counter),
    isStanding(now))
}

function isStanding (now: Date) {
  return and(isNull(oneTimeTokens.usedAt), gt(oneTimeTokens.expiresAt, now))
}
