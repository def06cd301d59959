import { asc, eq } from 'drizzle-orm'
import type { Executor } from '../../db/client.js'
import { auditEvents } from '../../db/schema/audit-events.js'
import { mailOutbox } from '../../db/schema/mail-outbox.js'
import { oneTimeTokens } from '../../db/schema/one-time-tokens.js'
import { sessions } from '../../db/schema/sessions.js'
import { users } from '../../db/schema/users.js'
import { type AccountProfile, requireProfile } from './accounts.js'
import { listRoleAssignments, type RoleAssignment } from './roles.js'

/** All that is held about an account, but for what proves or could be used to guess its password. */
export interface AccountExport {
  profile: AccountProfile
  hasPassword: boolean
  roles: RoleAssignment[]
  sessions: Array<Omit<typeof sessions.$inferSelect, 'userId' | 'generation'>>
  /** links that were mailed and may still be good: what for, to which address */
  links: Array<{ purpose: string, email: string, createdAt: Date, expiresAt: Date, usedAt: Date | null }>
  mails: Array<{ kind: string, recipient: string, state: string, createdAt: Date, settledAt: Date | null }>
  events: Array<Omit<typeof auditEvents.$inferSelect, 'number' | 'userId' | 'issued' | 'details' | 'actorId'>>
}

/**
 * @param accountId of an account that is signed in
 * @throws AuthError `invalid_access_token` when it has vanished
 */
export async function exportAccount (db: Executor, accountId: string): Promise<AccountExport> {
  const profile = await requireProfile(db, accountId)
  const [credentials] = await db.select({ passwordHash: users.passwordHash }).from(users).where(eq(users.id, accountId))
  return {
    profile,
    hasPassword: credentials?.passwordHash !== null,
    roles: await listRoleAssignments(db, accountId),
    sessions: await db.select({
      id: sessions.id,
      contract: sessions.contract,
      createdAt: sessions.createdAt,
      rotatedAt: sessions.rotatedAt,
      expiresAt: sessions.expiresAt,
      revokedAt: sessions.revokedAt,
      revokedReason: sessions.revokedReason,
      ip: sessions.ip,
      userAgent: sessions.userAgent,
      device: sessions.device
    }).from(sessions).where(eq(sessions.userId, accountId)).orderBy(asc(sessions.createdAt), asc(sessions.id)),
    links: await db.select({
      purpose: oneTimeTokens.purpose, email: oneTimeTokens.email, createdAt: oneTimeTokens.createdAt, expiresAt: oneTimeTokens.expiresAt, usedAt: oneTimeTokens.usedAt
    }).from(oneTimeTokens).where(eq(oneTimeTokens.userId, accountId)).orderBy(asc(oneTimeTokens.createdAt), asc(oneTimeTokens.id)),
    mails: await db.select({
      kind: mailOutbox.kind, recipient: mailOutbox.recipient, state: mailOutbox.state, createdAt: mailOutbox.createdAt, settledAt: mailOutbox.settledAt
    }).from(mailOutbox).where(eq(mailOutbox.userId, accountId)).orderBy(asc(mailOutbox.createdAt), asc(mailOutbox.id)),
    events: await db.select({
      id: auditEvents.id,
      type: auditEvents.type,
      contract: auditEvents.contract,
      sessionId: auditEvents.sessionId,
      reason: auditEvents.reason,
      tokenKind: auditEvents.tokenKind,
      ip: auditEvents.ip,
      userAgent: auditEvents.userAgent,
      createdAt: auditEvents.createdAt
    }).from(auditEvents).where(eq(auditEvents.userId, accountId)).orderBy(asc(auditEvents.number))
  }
}
