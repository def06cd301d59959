import { and, eq } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.js'
import { sessions } from '../../db/schema/sessions.js'
import { users } from '../../db/schema/users.js'
import type { AccessTerms } from './access-claims.js'
import { advance } from './advance.js'
import { issuedValues } from './audit.js'
import type { Grant } from './grant.js'
import type { ContractPolicy } from './policy.js'
import { revokeReplayed } from './replay.js'
import type { Requester } from './requester.js'
import { rolesOfAccount, rolesVersion } from './roles.js'
import { newRowId } from './row-id.js'
import type { Reference } from './signed-reference.js'
import { refusalOfSession, type TokenRefusal, TokenRefusedError, unknownSession } from './token-refusal.js'

export interface RotationRequest {
  policy: ContractPolicy
  /** seconds during which the token just replaced is answered with its successor again */
  grace: number
  requester: Requester
  /** under which the next access token will be issued */
  terms: AccessTerms
  now: Date
}

/** What one presented token comes to. */
type Outcome =
  | { kind: 'granted', grant: Grant }
  | { kind: 'refused', refusal: TokenRefusal }

/**
 * Rotates a session: answers a presented refresh token with the grant that its successor stands for.
 *
 * The token in force is advanced. The one just before it, within the grace, gets the same successor again and nothing
 * moves, so that two tabs or a lost answer sign nobody out. Anything older is a replay: its session ends, with an
 * event and a notice to the account.
 *
 * @param presented what the request brought, each validly signed for this contract; several where a browser holds
 *   left-over cookies. The first that is good wins, and then an old one beside it is no sign of theft.
 * @throws TokenRefusedError (`invalid_refresh_token`), with why each of them was refused
 */
export async function rotateSession (db: Database, presented: readonly Reference[], request: RotationRequest): Promise<Grant> {
  const refusals: TokenRefusal[] = []
  const replayed: Reference[] = []
  for (const reference of newestOfEachSession(presented)) {
    const outcome = await tryRotation(db, reference, request)
    if (outcome.kind === 'granted') return outcome.grant
    if (outcome.refusal.reason === 'replayed') replayed.push(reference)
    refusals.push({ ...outcome.refusal, holder: { accountId: reference.accountId, sessionId: reference.rowId } })
  }
  for (const reference of replayed) await revokeReplayed(db, reference, request)
  throw new TokenRefusedError('refresh', refusals)
}

/** A browser may send an old and a new token of one session; only the newest speaks for it. */
function newestOfEachSession (presented: readonly Reference[]): Iterable<Reference> {
  const newest = new Map<string, Reference>()
  for (const reference of presented) {
    const known = newest.get(reference.rowId)
    if (known === undefined || known.counter < reference.counter) newest.set(reference.rowId, reference)
  }
  return newest.values()
}

async function tryRotation (db: Database, reference: Reference, { policy, grace, requester, terms, now }: RotationRequest): Promise<Outcome> {
  const tokenId = newRowId(now)
  const rotated = await advance(db)({
    accountId: reference.accountId,
    sessionId: reference.rowId,
    counter: reference.counter,
    contract: policy.name,
    requiresVerifiedEmail: policy.requiresVerifiedEmail,
    now: now.toISOString(),
    eventId: tokenId,
    ip: requester.ip,
    userAgent: requester.userAgent,
    ...issuedValues(terms)
  })
  if (rotated !== undefined) return { kind: 'granted', grant: { tokenId, issuedAt: now, ...rotated } }

  const session = await findSession(db, reference, policy)
  if (session === undefined) return { kind: 'refused', refusal: unknownSession }
  const ended = refusalOfSession(session, now)
  if (ended !== undefined) return { kind: 'refused', refusal: ended }
  // The session waits: once the address is proven, its token is good again.
  if (policy.requiresVerifiedEmail && session.emailVerifiedAt === null) return { kind: 'refused', refusal: { reason: 'revoked', detail: 'unverified email' } }
  if (reference.counter >= session.generation) return { kind: 'refused', refusal: { reason: 'revoked', detail: 'changed meanwhile' } }
  const isPredecessor = reference.counter === session.generation - 1
  const age = now.getTime() - session.rotatedAt.getTime()
  if (!isPredecessor || age >= grace * 1000) return { kind: 'refused', refusal: { reason: 'replayed' } }
  const { generation, expiresAt, accountVersion, rolesVersion, outletId, roles } = session
  return { kind: 'granted', grant: { tokenId, issuedAt: now, accountId: reference.accountId, sessionId: reference.rowId, generation, expiresAt, accountVersion, rolesVersion, outletId, roles } }
}

async function findSession (db: Executor, reference: Reference, policy: ContractPolicy) {
  const [session] = await db.select({
    generation: sessions.generation,
    rotatedAt: sessions.rotatedAt,
    expiresAt: sessions.expiresAt,
    revokedAt: sessions.revokedAt,
    revokedReason: sessions.revokedReason,
    disabledAt: users.disabledAt,
    emailVerifiedAt: users.emailVerifiedAt,
    accountVersion: users.tokenVersion,
    rolesVersion,
    outletId: users.outletId,
    roles: rolesOfAccount
  }).from(sessions).innerJoin(users, eq(users.id, sessions.userId))
    .where(and(eq(sessions.userId, reference.accountId), eq(sessions.id, reference.rowId), eq(sessions.contract, policy.name)))
  return session
}
