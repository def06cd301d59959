import { and, eq, gt, isNotNull, isNull, lte, or } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.js'
import { constraintViolated } from '../../db/constraint-violated.js'
import { invitations } from '../../db/schema/invitations.js'
import { userRoles } from '../../db/schema/user-roles.js'
import { users } from '../../db/schema/users.js'
import { recordEvent } from './audit.js'
import type { Clock } from './clock.js'
import { AuthError } from './errors.js'
import { isFormerAddress } from './one-time-tokens.js'
import type { PasswordHasher } from './password-hasher.js'
import { requirePassword } from './password-rules.js'
import type { ContractPolicy } from './policy.js'
import type { Requester } from './requester.js'
import type { Reference } from './signed-reference.js'

/** Seconds that an invitation is good for. */
export const INVITATION_LIFETIME = 7 * 24 * 3600

/** The counter of every invitation's token: each is issued once. */
export const INVITATION_COUNTER = 1

/** That an invitation is neither used nor withdrawn nor over. */
export function isPending (now: Date) {
  return and(isNull(invitations.usedAt), isNull(invitations.withdrawnAt), gt(invitations.expiresAt, now))
}

/** The opposite. */
export function isOver (now: Date) {
  return or(isNotNull(invitations.usedAt), isNotNull(invitations.withdrawnAt), lte(invitations.expiresAt, now))
}

/** @returns the address that an invitation's token was mailed to, undefined when it is good no more */
export async function findInvitation (db: Executor, { accountId, rowId, counter }: Reference, now: Date): Promise<{ email: string } | undefined> {
  if (counter !== INVITATION_COUNTER) return undefined
  const [invitation] = await db.select({ email: invitations.email }).from(invitations)
    .where(and(eq(invitations.id, rowId), eq(invitations.accountId, accountId), isPending(now)))
  return invitation
}

export interface InvitedAccount {
  username: string
  password: string
  name?: string | undefined
}

/**
 * Registers the account that an invitation was for, at its outlet and in its role. Its token was mailed, so the address is proven.
 *
 * @param reference what the mailed token says, undefined for a forged one
 * @throws AuthError `invalid_invitation`, `invalid_input` (the password), `email_taken`, `username_taken`, `overloaded`
 */
export async function acceptInvitation (db: Database, passwords: PasswordHasher, clock: Clock, policy: ContractPolicy, reference: Reference | undefined, { password, ...account }: InvitedAccount, requester: Requester): Promise<{ accountId: string }> {
  if (reference === undefined) throw new AuthError('invalid_invitation', { reason: 'forged' })
  requirePassword(password, policy.passwordRule)
  // Looked at first, so that a spent token costs no hash; spent below, where of two at once one wins.
  if (await findInvitation(db, reference, clock()) === undefined) throw spent()
  const passwordHash = await passwords.hash(password)
  const now = clock()
  try {
    return await db.transaction(async tx => {
      const [invitation] = await tx.update(invitations).set({ usedAt: now })
        .where(and(eq(invitations.id, reference.rowId), eq(invitations.accountId, reference.accountId), isPending(now))).returning()
      if (invitation === undefined) throw spent()
      const { accountId, email, outletId, roleId } = invitation
      await tx.insert(users).values({ id: accountId, email, ...account, passwordHash, outletId, emailVerifiedAt: now, createdAt: now, updatedAt: now })
      if (await isFormerAddress(tx, email, now, accountId)) throw new AuthError('email_taken', { reason: 'the former address of another account' })
      await tx.insert(userRoles).values({ userId: accountId, roleId, status: true, isPrimary: true, createdAt: now, updatedAt: now })
      await recordEvent(tx, { type: 'account.registered', userId: accountId, contract: policy.name, reason: 'invitation', requester }, now)
      return { accountId }
    })
  } catch (error) {
    switch (constraintViolated(error)) {
      case 'users_email_unique': throw new AuthError('email_taken')
      case 'users_username_unique': throw new AuthError('username_taken')
      default: throw error
    }
  }
}

function spent (): AuthError {
  return new AuthError('invalid_invitation', { reason: 'used, withdrawn, expired or unknown' })
}
