import { and, eq, gt, isNull, ne, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.js'
import { oneTimeTokens } from '../../db/schema/one-time-tokens.js'
import { secondsAfter } from './clock.js'
import { newRowId } from './row-id.js'
import type { Reference } from './signed-reference.js'

export type TokenPurpose = 'verify-email' | 'reset-password'

/** Seconds that a mail token lives. */
export const tokenLifetimes = { 'verify-email': 24 * 3600, 'reset-password': 3600 } as const satisfies Record<TokenPurpose, number>

/** Which issue of which token row a mail carries. */
export interface IssuedToken {
  id: string
  counter: number
}

/**
 * Issues a token for an account. The one before it, of the same purpose, is dead from this moment.
 *
 * @param token `email`: the address that it proves
 */
export async function issueToken (db: Executor, token: { userId: string, purpose: TokenPurpose, email: string }, now: Date): Promise<IssuedToken> {
  const terms = { email: token.email, createdAt: now, expiresAt: secondsAfter(now, tokenLifetimes[token.purpose]), usedAt: null }
  const [issued] = await db.insert(oneTimeTokens)
    .values({ userId: token.userId, id: newRowId(now), purpose: token.purpose, counter: 1, ...terms })
    .onConflictDoUpdate({ target: [oneTimeTokens.userId, oneTimeTokens.purpose], set: { counter: sql`${oneTimeTokens.counter} + 1`, ...terms } })
    .returning({ id: oneTimeTokens.id, counter: oneTimeTokens.counter })
  if (issued === undefined) throw new Error('issuing a token returned no row')
  return issued
}

/** @returns the address that a usable token proves, undefined when it is used, expired, superseded or unknown */
export async function findUsableToken (db: Executor, purpose: TokenPurpose, reference: Reference, now: Date): Promise<string | undefined> {
  const [token] = await db.select({ email: oneTimeTokens.email }).from(oneTimeTokens).where(isUsable(purpose, reference, now))
  return token?.email
}

/** @returns the address that waits to be proven for an account, undefined when none does */
export async function findPendingAddress (db: Executor, userId: string, now: Date): Promise<string | undefined> {
  const [token] = await db.select({ email: oneTimeTokens.email }).from(oneTimeTokens).where(and(
    eq(oneTimeTokens.userId, userId), eq(oneTimeTokens.purpose, 'verify-email'), isNull(oneTimeTokens.usedAt), gt(oneTimeTokens.expiresAt, now)))
  return token?.email
}

/** Spends a token; of two that try at once, one succeeds. Answers like {@link findUsableToken}. */
export async function spendToken (db: Executor, purpose: TokenPurpose, reference: Reference, now: Date): Promise<string | undefined> {
  const [token] = await db.update(oneTimeTokens).set({ usedAt: now }).where(isUsable(purpose, reference, now)).returning({ email: oneTimeTokens.email })
  return token?.email
}

/**
 * Kills what was mailed for an account: a credential that changed must not be changed back by an older link.
 *
 * @param except a purpose whose token stays, such as the one just spent
 */
export async function dropTokens (db: Executor, userId: string, except?: TokenPurpose): Promise<void> {
  await db.delete(oneTimeTokens).where(and(
    eq(oneTimeTokens.userId, userId),
    except === undefined ? undefined : ne(oneTimeTokens.purpose, except)))
}

function isUsable (purpose: TokenPurpose, reference: Reference, now: Date) {
  return and(
    eq(oneTimeTokens.userId, reference.accountId),
    eq(oneTimeTokens.id, reference.rowId),
    eq(oneTimeTokens.purpose, purpose),
    eq(oneTimeTokens.counter, reference.counter),
    isNull(oneTimeTokens.usedAt),
    gt(oneTimeTokens.expiresAt, now))
}
