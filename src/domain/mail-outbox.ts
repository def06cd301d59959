import { and, asc, count, eq, gt, inArray, lte, ne, notInArray, sql } from 'drizzle-orm'
import type { Executor } from '../../db/client.js'
import { mailOutbox } from '../../db/schema/mail-outbox.js'
import { recordEvent } from './audit.js'
import { secondsAfter } from './clock.js'
import { INVITATION_COUNTER } from './invitations.js'
import { type AskedLinkKind, askedLinkKinds, linkLifetime, type LinkKind, linkPurpose, type NoticeKind } from './mail-links.js'
import { type IssuedToken, issueToken } from './one-time-tokens.js'
import type { ContractPolicy, Language } from './policy.js'
import { newRowId } from './row-id.js'

export type QueuedMail = Omit<typeof mailOutbox.$inferSelect, 'kind' | 'language'> & { kind: LinkKind | NoticeKind, language: Language }

/** What anybody can make Kunci send to one address in an hour. */
const MAILS_AN_HOUR = 5

/** The class of the advisory locks on addresses, apart from all others. */
const RECIPIENT_LOCKS = 1

/** Seconds after which a mail whose worker died is taken up by another; longer than the longest attempt takes. */
const LEASE = 120

/**
 * Queues a mail with a link. Beyond five of its kind an hour for one address it is silently left out, and the link before
 * it stays good. Each kind has a count of its own: by asking for one, nobody keeps another from the address, and the count
 * is the same whether or not anybody has it.
 *
 * @param mail `accountId`: to whom its token is issued; without one the worker looks the address up when it sends, so
 *   that asking takes as long for an address that nobody has
 * @returns whether it was queued
 */
export async function enqueueLink (db: Executor, mail: { kind: AskedLinkKind, recipient: string, policy: ContractPolicy, accountId?: string }, now: Date): Promise<boolean> {
  return await db.transaction(async tx => {
    // Counting and adding must be one step for each address, or a burst of requests passes the limit together.
    await tx.execute(sql`select pg_advisory_xact_lock(${RECIPIENT_LOCKS}, hashtext(${mail.recipient}))`)
    const [recent] = await tx.select({ mails: count() }).from(mailOutbox).where(and(
      eq(mailOutbox.recipient, mail.recipient),
      eq(mailOutbox.kind, mail.kind),
      gt(mailOutbox.createdAt, secondsAfter(now, -3600)),
      // What was dropped bounds the rows that strangers can make; it never costs the account itself a mail.
      mail.accountId === undefined ? undefined : ne(mailOutbox.state, 'dropped')))
    if (recent !== undefined && recent.mails >= MAILS_AN_HOUR) return false
    const token = mail.accountId === undefined
      ? undefined
      : await issueToken(tx, { userId: mail.accountId, purpose: linkPurpose(mail.kind, mail.policy.name), email: mail.recipient, lifetime: linkLifetime(mail.kind) }, now)
    await insertMail(tx, { ...mail, userId: mail.accountId, token }, now)
    return true
  })
}

/** Queues the reset mail that follows from a link already spent: nobody can ask for it at will, so nothing holds it back. */
export async function enqueueOwedReset (db: Executor, mail: { recipient: string, userId: string, policy: ContractPolicy }, now: Date): Promise<void> {
  const token = await issueToken(db, { userId: mail.userId, purpose: 'reset-password', email: mail.recipient }, now)
  await recordEvent(db, { type: 'password.reset_requested', userId: mail.userId, contract: mail.policy.name, requester: null }, now)
  await insertMail(db, { ...mail, kind: 'reset_password', token }, now)
}

/** @returns whether an address got as many notices in the last hour as it may get where it was never proven */
export async function isToldOften (db: Executor, recipient: string, now: Date): Promise<boolean> {
  const [told] = await db.select({ mails: count() }).from(mailOutbox).where(and(
    eq(mailOutbox.recipient, recipient),
    notInArray(mailOutbox.kind, [...askedLinkKinds]),
    gt(mailOutbox.createdAt, secondsAfter(now, -3600))))
  return told !== undefined && told.mails >= MAILS_AN_HOUR
}

/** Queues the notice with the link that restores a former address, in the transaction of the change that it tells of. */
export async function enqueueRestoration (db: Executor, mail: { recipient: string, userId: string, policy: ContractPolicy, token: IssuedToken }, now: Date): Promise<void> {
  await insertMail(db, { ...mail, kind: 'restore_email' }, now)
}

/**
 * Queues a notice, in the transaction of what it tells of. The owner of an address is always told; an address that was never
 * proven gets at most five notices an hour, since it may be a stranger's.
 */
export async function enqueueNotice (db: Executor, mail: { kind: NoticeKind, recipient: string, userId: string, isProven: boolean, policy: ContractPolicy }, now: Date): Promise<void> {
  if (!mail.isProven && await isToldOften(db, mail.recipient, now)) return
  await insertMail(db, mail, now)
}

/** Queues the mail that invites an address, in the transaction that made the invitation. */
export async function enqueueInvitation (db: Executor, mail: { recipient: string, userId: string, policy: ContractPolicy, invitationId: string }, now: Date): Promise<void> {
  await insertMail(db, { ...mail, kind: 'invitation', token: { id: mail.invitationId, counter: INVITATION_COUNTER } }, now)
}

async function insertMail (db: Executor, mail: { kind: LinkKind | NoticeKind, recipient: string, policy: ContractPolicy, userId?: string | undefined, token?: IssuedToken | undefined }, now: Date): Promise<void> {
  await db.insert(mailOutbox).values({
    id: newRowId(now),
    kind: mail.kind,
    contract: mail.policy.name,
    language: mail.policy.language,
    recipient: mail.recipient,
    userId: mail.userId ?? null,
    tokenId: mail.token?.id ?? null,
    tokenCounter: mail.token?.counter ?? null,
    state: 'queued',
    attempts: 0,
    nextAttemptAt: now,
    createdAt: now
  })
}

/** Takes the mail that is due for longest, if any, for one attempt; no other worker gets it until the lease is over. */
export async function claimMail (db: Executor, now: Date): Promise<QueuedMail | undefined> {
  const due = db.select({ id: mailOutbox.id }).from(mailOutbox)
    .where(and(eq(mailOutbox.state, 'queued'), lte(mailOutbox.nextAttemptAt, now)))
    .orderBy(asc(mailOutbox.nextAttemptAt)).limit(1).for('update', { skipLocked: true })
  const [claimed] = await db.update(mailOutbox)
    .set({ attempts: sql`${mailOutbox.attempts} + 1`, nextAttemptAt: secondsAfter(now, LEASE) })
    .where(inArray(mailOutbox.id, due)).returning()
  return claimed as QueuedMail | undefined
}

/** Remembers which token a mail carries, so that a repeated attempt carries the same. */
export async function keepToken (db: Executor, mailId: string, userId: string, token: IssuedToken): Promise<void> {
  await db.update(mailOutbox).set({ userId, tokenId: token.id, tokenCounter: token.counter }).where(eq(mailOutbox.id, mailId))
}

/** Closes a mail: `sent`, or `dropped` when there is nobody to send it to or its token is no longer good. */
export async function settleMail (db: Executor, mailId: string, state: 'sent' | 'dropped', now: Date): Promise<void> {
  await db.update(mailOutbox).set({ state, settledAt: now, lastError: null }).where(eq(mailOutbox.id, mailId))
}

/**
 * Puts a mail back after a failed attempt: again after 1 s, doubling, at most 15 s apart in the first ten minutes and an
 * hour later on. After three days it is given up.
 *
 * @param error what went wrong, without any secret
 */
export async function postponeMail (db: Executor, mail: QueuedMail, error: string, now: Date): Promise<void> {
  const age = now.getTime() - mail.createdAt.getTime()
  const giveUp = age >= 3 * 24 * 3600 * 1000
  const longest = age < 600_000 ? 15 : 3600
  const wait = Math.min(2 ** Math.min(mail.attempts - 1, 12), longest)
  await db.update(mailOutbox).set({
    ...giveUp ? { state: 'failed', settledAt: now } : { nextAttemptAt: secondsAfter(now, wait) },
    lastError: error.slice(0, 500)
  }).where(eq(mailOutbox.id, mail.id))
}
