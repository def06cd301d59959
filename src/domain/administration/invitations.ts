import { and, desc, eq, isNull, lt } from 'drizzle-orm'
import type { Database, Executor } from '../../../db/client.js'
import { constraintViolated } from '../../../db/constraint-violated.js'
import { invitations } from '../../../db/schema/invitations.js'
import { roles } from '../../../db/schema/roles.js'
import { users } from '../../../db/schema/users.js'
import { recordEvent } from '../audit.js'
import { secondsAfter } from '../clock.js'
import { requireUnreserved } from '../email-restoration.js'
import { AuthError } from '../errors.js'
import { INVITATION_LIFETIME, isPending } from '../invitations.js'
import { enqueueInvitation } from '../mail-outbox.js'
import type { ContractPolicy } from '../policy.js'
import { newRowId } from '../row-id.js'
import type { Page, PageRequest } from './lists.js'
import { type Actor, administer, doneBy, requireMayGive } from './standing.js'

/** An invitation as administrators see it. */
export type Invitation = typeof invitations.$inferSelect

/**
 * Invites an address to register at an outlet in a role, whichever role that is. An invitation that it had before is good no more.
 *
 * @param policy of the contract whose page the mail's link opens
 * @param invitation `email` in its normal form
 * @throws AuthError `forbidden` also for a role that gives what the actor lacks; `email_taken`, `outlet_not_found`, `role_not_found`
 */
export async function invite (db: Database, actor: Actor, policy: ContractPolicy, { email, outletId, roleId }: { email: string, outletId: string | null, roleId: string }, now: Date): Promise<Invitation> {
  return await refusing(async () => await administer(db, actor, 'users.create', async (tx, standing) => {
    const [role] = await tx.select().from(roles).where(eq(roles.id, roleId))
    if (role === undefined) throw new AuthError('role_not_found')
    requireMayGive(standing, role)
    // This waits for an acceptance that is under way; whether there is an account is asked after it.
    await tx.update(invitations).set({ withdrawnAt: now }).where(and(eq(invitations.email, email), isNull(invitations.usedAt), isNull(invitations.withdrawnAt)))
    if (await hasAccount(tx, email)) throw new AuthError('email_taken')
    await requireUnreserved(tx, email, newRowId(now), now)
    const [made] = await tx.insert(invitations).values({
      id: newRowId(now), accountId: newRowId(now), email, outletId, roleId, invitedBy: actor.accountId, createdAt: now, expiresAt: secondsAfter(now, INVITATION_LIFETIME)
    }).returning()
    if (made === undefined) throw new Error('an invitation returned no row')
    await enqueueInvitation(tx, { recipient: email, userId: made.accountId, policy, invitationId: made.id }, now)
    await record(tx, actor, 'account.invited', made, { email, role: role.name, outletId }, now)
    return made
  }))
}

/** @returns the invitations that are still good, the latest first */
export async function listInvitations (db: Executor, { limit, cursor }: PageRequest, now: Date): Promise<Page<Invitation>> {
  const rows = await db.select().from(invitations)
    .where(and(isPending(now), cursor === undefined ? undefined : lt(invitations.id, cursor)))
    .orderBy(desc(invitations.id)).limit(limit + 1)
  return { rows: rows.slice(0, limit), next: rows.length > limit ? rows[limit - 1]?.id ?? null : null }
}

/** @throws AuthError `forbidden`, `invitation_not_found` for one that is not good any more */
export async function withdrawInvitation (db: Database, actor: Actor, id: string, now: Date): Promise<void> {
  await administer(db, actor, 'users.create', async tx => {
    const [withdrawn] = await tx.update(invitations).set({ withdrawnAt: now })
      .where(and(eq(invitations.id, id), isPending(now))).returning()
    if (withdrawn === undefined) throw new AuthError('invitation_not_found')
    await record(tx, actor, 'invitation.withdrawn', withdrawn, undefined, now)
  })
}

async function hasAccount (tx: Executor, email: string): Promise<boolean> {
  return await tx.$count(users, eq(users.email, email)) > 0
}

async function record (tx: Executor, actor: Actor, type: 'account.invited' | 'invitation.withdrawn', { accountId }: Invitation, details: Record<string, unknown> | undefined, now: Date): Promise<void> {
  await recordEvent(tx, { type, userId: accountId, details, ...doneBy(actor) }, now)
}

async function refusing<Result> (work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw constraintViolated(error) === 'invitations_outlet_id_outlets_id_fk' ? new AuthError('outlet_not_found') : error
  }
}
