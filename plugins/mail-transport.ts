import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type Nodemailer from 'nodemailer'
import type { Transporter } from 'nodemailer'
import type { MailText } from '../src/domain/mail-texts.js'

export interface Envelope {
  id: string
  /** one stored address */
  recipient: string
  from: { name: string, address: string }
}

export interface MailTransport {
  /**
   * Hands one message over.
   * @returns what is worth a line in the log
   * @throws the transport's error
   */
  send: (envelope: Envelope, text: MailText) => Promise<{ file?: string }>
  close: () => void
}

/** Loaded with the first mail: it is a seventh of all that a start would read. */
async function loadMailer (): Promise<typeof Nodemailer> {
  return (await import('nodemailer')).default
}

/** Sends by SMTP, over at most four connections that are kept. */
export function smtpTransport (url: string): MailTransport {
  const options = withDefaults(url, { pool: 'true', maxConnections: '4', connectionTimeout: '10000', greetingTimeout: '10000', socketTimeout: '30000' })
  let transport: Transporter | undefined
  return {
    async send (envelope, text) {
      const { createTransport } = await loadMailer()
      transport ??= createTransport(options)
      await transport.sendMail(message(envelope, text))
      return {}
    },
    close: () => { transport?.close() }
  }
}

/**
 * Connects to a mail server and signs in there, without a mail.
 *
 * @throws the transport's error
 */
export async function tryMailServer (url: string): Promise<void> {
  const { createTransport } = await loadMailer()
  const transport = createTransport(withDefaults(url, { connectionTimeout: '5000', greetingTimeout: '5000', socketTimeout: '5000' }))
  try {
    await transport.verify()
  } finally {
    transport.close()
  }
}

/** Writes each message as an .eml file; readable by the owner alone, since its link is a key to an account. */
export function fileTransport (folder: string): MailTransport {
  return {
    async send (envelope, text) {
      const { createTransport } = await loadMailer()
      const transport = createTransport({ streamTransport: true, buffer: true })
      const { message: content } = await transport.sendMail(message(envelope, text))
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await chmod(folder, 0o700)
      const file = join(folder, `${envelope.id}.eml`)
      // Renamed into place: who watches the folder never reads half a message.
      await writeFile(`${file}.part`, content as Buffer, { mode: 0o600 })
      await rename(`${file}.part`, file)
      return { file }
    },
    close: () => {}
  }
}

/** The recipient is given as parsed parts and as the envelope: no address is ever read out of a text. */
function message (envelope: Envelope, text: MailText) {
  return {
    messageId: `<${envelope.id}@${envelope.from.address.split('@')[1] ?? 'localhost'}>`,
    envelope: { from: envelope.from.address, to: [envelope.recipient] },
    from: envelope.from,
    to: { name: '', address: envelope.recipient },
    headers: { 'auto-submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
    ...text
  }
}

function withDefaults (url: string, defaults: Record<string, string>): string {
  const parsed = new URL(url)
  for (const [name, value] of Object.entries(defaults)) {
    if (!parsed.searchParams.has(name)) parsed.searchParams.set(name, value)
  }
  return parsed.href
}
