import { setTimeout as delay } from 'node:timers/promises'
import fp from 'fastify-plugin'
import { isLinkKind, type LinkKind, linkPage } from '../src/domain/mail-links.js'
import { resolveLink } from '../src/domain/mail-message.js'
import { claimMail, postponeMail, type QueuedMail, settleMail } from '../src/domain/mail-outbox.js'
import { type MailOpens, writeMail } from '../src/domain/mail-texts.js'
import { databaseFailure } from '../db/failure.js'
import { fileTransport, smtpTransport } from './mail-transport.js'

declare module 'fastify' {
  interface FastifyInstance {
    mailer: {
      /** Sends every mail that is due; resolves when none is left. The worker does so by itself every second. */
      deliverDue: () => Promise<void>
    }
  }
}

export interface MailerOptions {
  /** undefined writes .eml files */
  smtpUrl: string | undefined
  /** where the .eml files go */
  folder: string
  from: { name: string, address: string }
  /** bases of the pages that links open, by contract, under '' for all others */
  appUrls: ReadonlyMap<string, string>
  /** whether the links of mails written as files are logged; never in production */
  logsLinks: boolean
}

const EVERY = 1000

/** The longest that mails under way are waited for at the end, in milliseconds. */
const LAST_MAILS = 3000

/** As many as the transport has connections: a server that hangs on one mail keeps no other waiting. */
const AT_A_TIME = 4

/** Sends the outbox, at least once each; any number of instances may do so on one database. */
export default fp<MailerOptions>(async (app, options) => {
  const transport = options.smtpUrl === undefined ? fileTransport(options.folder) : smtpTransport(options.smtpUrl)
  const work = { closing: false }

  async function link (mail: QueuedMail & { kind: LinkKind }): Promise<MailOpens | undefined> {
    const found = await resolveLink(app.db, mail, app.clock())
    if (found === undefined) return undefined
    const base = options.appUrls.get(mail.contract) ?? options.appUrls.get('') ?? app.publicUrl()
    return { url: `${base}/${linkPage(mail.kind)}?token=${app.references.sign(found.purpose, found.reference)}`, username: found.username, isContested: found.isContested }
  }

  async function deliver (mail: QueuedMail): Promise<void> {
    const { id, kind, recipient } = mail
    const opens = isLinkKind(kind) ? await link({ ...mail, kind }) : undefined
    if (isLinkKind(kind) && opens === undefined) {
      await settleMail(app.db, id, 'dropped', app.clock())
      return
    }
    try {
      const { file } = await transport.send({ id, recipient, from: options.from }, writeMail(kind, mail.language, opens))
      app.log.info({ mail: { id, kind, recipient, file, link: options.logsLinks && file !== undefined ? opens?.url : undefined } }, 'mail sent')
    } catch (error) {
      const problem = describe(error)
      app.log.warn({ mail: { id, kind, recipient, attempts: mail.attempts }, problem }, 'mail not sent, it will be tried again')
      await postponeMail(app.db, mail, problem, app.clock())
      return
    }
    await settleMail(app.db, id, 'sent', app.clock())
  }

  async function deliverAll (): Promise<void> {
    const first = await next()
    if (first === undefined) return
    const others = Array.from({ length: AT_A_TIME - 1 }, async () => { await deliverFrom(await next()) })
    // All of them to their end, also when one fails: closing waits for what is under way.
    const ends = await Promise.allSettled([deliverFrom(first), ...others])
    const failed = ends.find(end => end.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  async function deliverFrom (first: QueuedMail | undefined): Promise<void> {
    for (let mail = first; mail !== undefined; mail = await next()) await deliver(mail)
  }

  async function next (): Promise<QueuedMail | undefined> {
    return work.closing ? undefined : await claimMail(app.db, app.clock())
  }

  // One run follows the other, so that whoever asks for a run finds all of it done.
  let runs = Promise.resolve()
  async function deliverDue (): Promise<void> {
    const run = runs.then(deliverAll)
    runs = run.catch(() => {})
    await run
  }

  let timer: NodeJS.Timeout | undefined
  app.addHook('onReady', async () => { schedule() })
  function schedule (): void {
    timer = setTimeout(() => {
      deliverDue().catch((error: unknown) => {
        app.log.error({ database: databaseFailure(error)?.code }, 'the mail worker could not read the outbox')
      }).finally(() => { if (!work.closing) schedule() })
    }, EVERY)
  }

  app.addHook('onClose', async () => {
    work.closing = true
    clearTimeout(timer)
    // A mail server that hangs must not hold the end: its mail is sent again once the lease is over.
    await Promise.race([runs, delay(LAST_MAILS, undefined, { ref: false })])
    transport.close()
  })
  app.decorate('mailer', { deliverDue })
}, { name: 'mailer', dependencies: ['clock', 'database', 'keys', 'public-url'] })

/** Codes alone: an SMTP server's sentence may repeat a credential. */
function describe (error: unknown): string {
  const { code, command, responseCode } = error as { code?: string, command?: string, responseCode?: number }
  return [code ?? 'error', command, responseCode].filter(part => part !== undefined).join(' ')
}
