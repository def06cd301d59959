import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import t from 'tap'
import { buildBeside, cells, json } from './kunci.js'

interface Mail {
  id: string
  userId: string
  state: string
  attempts: number
  createdAt: string
  nextAttemptAt: string
  settledAt: string
}

t.test('a mail that a server refuses is listed, shown, and sent when it is tried again', async t => {
  const mood = { refuses: true, taken: 0 }
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo (_address, _session, done) { done(mood.refuses ? Object.assign(new Error('no such person, and token=secret'), { responseCode: 550 }) : null) },
    onData (stream, _session, done) {
      stream.resume().on('end', () => {
        mood.taken++
        done()
      })
    }
  })
  await new Promise<void>(resolve => { smtp.listen(0, '127.0.0.1', resolve) })
  t.teardown(async () => { await new Promise<void>(resolve => { smtp.close(resolve) }) })
  const { server, kunci } = await buildBeside(t, { SMTP_URL: `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}` })
  await kunci('user', 'create', 'siti@example.com')
  server.clock.now = new Date()
  await server.app.mailer.deliverDue()

  const listed = await kunci('mail', 'list')
  t.same([listed.code, listed.err], [0, ''])
  t.same(cells(listed.out), [
    ['ID', 'QUEUED', 'KIND', 'RECIPIENT', 'STATE', 'ATTEMPTS', 'LAST ERROR'],
    ['<id>', '<time>', 'choose_password', 'siti@example.com', 'queued', '1', 'EENVELOPE RCPT TO 550']
  ])
  const { rows: [mail], next } = json<{ rows: Mail[], next: null }>(await kunci('mail', 'list', '--state', 'queued', '--json'))
  if (mail === undefined) throw new Error('no mail is listed')
  t.equal(next, null)
  t.same(mail, {
    id: mail.id,
    kind: 'choose_password',
    contract: 'outlet',
    language: 'en',
    recipient: 'siti@example.com',
    userId: mail.userId,
    state: 'queued',
    attempts: 1,
    nextAttemptAt: mail.nextAttemptAt,
    lastError: 'EENVELOPE RCPT TO 550',
    createdAt: mail.createdAt,
    settledAt: null
  })
  t.same(cells((await kunci('mail', 'show', mail.id)).out), [
    ['id', '<id>'],
    ['kind', 'choose_password'],
    ['contract', 'outlet'],
    ['language', 'en'],
    ['recipient', 'siti@example.com'],
    ['user', '<id>'],
    ['state', 'queued'],
    ['attempts', '1'],
    ['last error', 'EENVELOPE RCPT TO 550'],
    ['next attempt', '<time>'],
    ['queued', '<time>'],
    ['settled', '-']
  ])
  t.same(json(await kunci('mail', 'show', mail.id.toUpperCase(), '--json')), mail)

  // Three days later it was given up.
  await server.sql`update mail_outbox set state = 'failed', settled_at = now()`
  t.equal(json<{ rows: unknown[] }>(await kunci('mail', 'list', '--state', 'failed', '--json')).rows.length, 1)
  mood.refuses = false
  t.same(await kunci('mail', 'retry', mail.id), { code: 0, out: 'The mail to siti@example.com is due. A running server sends it within a second or two, otherwise the next one that starts.\n', err: '' })
  const due = json<Mail>(await kunci('mail', 'retry', mail.id, '--json'))
  t.same(due, { ...mail, nextAttemptAt: due.nextAttemptAt }, 'one that waits is due at once too')
  server.clock.now = new Date()
  await server.app.mailer.deliverDue()
  t.equal(mood.taken, 1)
  const sent = json<Mail>(await kunci('mail', 'show', mail.id, '--json'))
  t.match(sent, { state: 'sent', attempts: 2, lastError: null })
  t.same(await kunci('mail', 'retry', mail.id), { code: 1, out: '', err: 'kunci: the mail was sent: only one that failed or is queued can be tried again\n' })

  const unknown = '0198c5a0-7b1e-7c3a-9f00-0123456789ab'
  for (const command of ['show', 'retry']) {
    t.same(await kunci('mail', command, unknown), { code: 1, out: '', err: `kunci: no mail has the id ${unknown}: kunci mail list shows those that are kept\n` })
    t.same(await kunci('mail', command, 'siti'), { code: 2, out: '', err: 'kunci: ID was "siti", but takes a UUID\n' })
  }
  t.same(await kunci('mail', 'list', '--state', 'lost'), { code: 2, out: '', err: 'kunci: --state was "lost", but takes one of queued, sent, dropped, failed\n' })
})

t.test('mails are listed in parts', async t => {
  const { kunci } = await buildBeside(t)
  for (const name of ['siti', 'budi', 'sri']) await kunci('user', 'create', `${name}@example.com`)
  const part = json<{ rows: Array<{ recipient: string }>, next: string }>(await kunci('mail', 'list', '--limit', '2', '--json'))
  t.same(part.rows.map(mail => mail.recipient), ['sri@example.com', 'budi@example.com'])
  const rest = json<{ rows: Array<{ recipient: string }>, next: null }>(await kunci('mail', 'list', '--limit', '2', '--cursor', part.next, '--json'))
  t.same([rest.rows.map(mail => mail.recipient), rest.next], [['siti@example.com'], null])
})
