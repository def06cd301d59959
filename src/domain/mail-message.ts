import { and, eq, isNull } from 'drizzle-orm'
import type { Database, Executor } from '../../db/client.js'
import { users } from '../../db/schema/users.js'
import { recordEvent } from './audit.js'
import { isContested } from './email-restoration.js'
import { findInvitation } from './invitations.js'
import { type AskedLinkKind, type LinkKind, linkPurpose } from './mail-links.js'
import { keepToken, type QueuedMail } from './mail-outbox.js'
import { findUsableToken, type IssuedToken, issueToken, type TokenPurpose } from './one-time-tokens.js'
import type { Reference } from './signed-reference.js'

/** What a mail's link carries, and whose account it is about. */
export interface MailLink {
  purpose: TokenPurpose | 'invitation'
  reference: Reference
  username: string | null
  /** whether somebody else can still take the account back */
  isContested: boolean
}

/**
 * Finds out what a queued mail's link must carry. The token of a mail that was asked for by address alone is issued
 * here, at its first attempt, and kept, so that a repeated attempt carries the same.
 *
 * @returns undefined when the mail is to be dropped: nobody has the address, there is nothing to verify, or a newer
 *   mail has taken its place
 */
export async function resolveLink (db: Database, mail: QueuedMail & { kind: LinkKind }, now: Date): Promise<MailLink | undefined> {
  const { kind } = mail
  if (kind === 'invitation') return await resolveInvitation(db, mail, now)
  const purpose = linkPurpose(kind, mail.contract)
  return await db.transaction(async tx => {
    // What restores an address is always issued with its mail.
    const issued = issuedTo(mail) ?? (kind === 'restore_email' ? undefined : await issueToHolder(tx, { ...mail, kind }, now))
    if (issued === undefined) return undefined
    const reference = { accountId: issued.userId, rowId: issued.token.id, counter: issued.token.counter }
    const token = await findUsableToken(tx, purpose, reference, now)
    const [account] = await tx.select({ id: users.id, username: users.username, email: users.email, emailVerifiedAt: users.emailVerifiedAt }).from(users).where(and(eq(users.id, issued.userId), isNull(users.disabledAt)))
    if (account === undefined || token?.email !== mail.recipient) return undefined
    return { purpose, reference, username: account.username, isContested: account.email === mail.recipient && await isContested(tx, account, now) }
  })
}

async function resolveInvitation (db: Database, mail: QueuedMail, now: Date): Promise<MailLink | undefined> {
  const issued = issuedTo(mail)
  if (issued === undefined) return undefined
  const reference = { accountId: issued.userId, rowId: issued.token.id, counter: issued.token.counter }
  const invitation = await findInvitation(db, reference, now)
  return invitation?.email === mail.recipient ? { purpose: 'invitation', reference, username: null, isContested: false } : undefined
}

function issuedTo (mail: QueuedMail): { userId: string, token: IssuedToken } | undefined {
  if (mail.userId === null || mail.tokenId === null || mail.tokenCounter === null) return undefined
  return { userId: mail.userId, token: { id: mail.tokenId, counter: mail.tokenCounter } }
}

async function issueToHolder (tx: Executor, mail: QueuedMail & { kind: AskedLinkKind }, now: Date) {
  const unverified = mail.kind === 'verify_email' ? isNull(users.emailVerifiedAt) : undefined
  const [holder] = await tx.select({ id: users.id }).from(users)
    .where(and(eq(users.email, mail.recipient), isNull(users.disabledAt), unverified)).for('no key update')
  if (holder === undefined) return undefined
  const token = await issueToken(tx, { userId: holder.id, purpose: linkPurpose(mail.kind, mail.contract), email: mail.recipient }, now)
  await keepToken(tx, mail.id, holder.id, token)
  if (mail.kind === 'reset_password' || mail.kind === 'recover_account') {
    await recordEvent(tx, { type: 'password.reset_requested', userId: holder.id, contract: mail.contract, requester: null }, now)
  }
  return { userId: holder.id, token }
}
