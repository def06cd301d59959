import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import PostalMime from 'postal-mime'
import { SMTPServer } from 'smtp-server'
import t, { type Test } from 'tap'
import { build, type Kunci, readMails } from '../helper.js'
import { register } from '../outlet/client.js'

interface Received {
  recipients: string[]
  subject: string
  text: string
}

/** `take, hang up once`: the message is kept, and the connection goes before the client hears of it. */
type Verdict = { refuse: string, code: number } | 'take' | 'take, hang up once' | 'hang'

/** A real SMTP server whose verdict on each message can be changed. */
async function startSmtp (t: Test) {
  const received: Received[] = []
  const state: { verdict: Verdict } = { verdict: 'take' }
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData (stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => { chunks.push(chunk) })
      stream.on('end', () => {
        void PostalMime.parse(Buffer.concat(chunks)).then(mail => {
          const { verdict } = state
          if (verdict === 'hang') return
          if (typeof verdict === 'object') return done(Object.assign(new Error(verdict.refuse), { responseCode: verdict.code }))
          received.push({ recipients: session.envelope.rcptTo.map(recipient => recipient.address), subject: mail.subject ?? '', text: mail.text ?? '' })
          if (verdict === 'take') return done()
          state.verdict = 'take'
          end()
        })
      })
    }
  })
  server.on('error', () => {})
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const end = (): void => {
    for (const connection of server.connections) (connection as unknown as { _socket: { destroy: () => void } })._socket.destroy()
  }
  t.teardown(async () => { await new Promise<void>(resolve => { server.close(() => { resolve() }) }) })
  const { port } = server.server.address() as AddressInfo
  return { received, state, end, url: `smtp://127.0.0.1:${port}` }
}

const outbox = async (kunci: Kunci) => await kunci.sql`select kind, state, attempts, last_error from mail_outbox order by created_at`

t.test('mail goes out by SMTP, one recipient a message', async t => {
  const smtp = await startSmtp(t)
  const kunci = await build(t, { SMTP_URL: smtp.url, APP_URL: 'https://app.example/masuk/', MAIL_FROM: 'Toko Kunci <halo@toko.example>' })
  await register(kunci)
  await kunci.app.mailer.deliverDue()
  t.equal(smtp.received.length, 1)
  t.match(smtp.received[0], {
    recipients: ['siti@example.com'],
    subject: 'Verify your email address',
    text: /^Open this link to verify your email address for the account "siti":\n\nhttps:\/\/app\.example\/masuk\/verify-email\?token=[\w-]{98}\n/
  })
  t.same(await outbox(kunci), [{ kind: 'verify_email', state: 'sent', attempts: 1, last_error: null }])
})

t.test('a refused mail is sent again later, with the same token, after growing pauses', async t => {
  const smtp = await startSmtp(t)
  const kunci = await build(t, { SMTP_URL: smtp.url })
  smtp.state.verdict = { refuse: 'greylisted, come back', code: 451 }
  t.equal((await register(kunci)).statusCode, 200)
  const pauses: number[] = []
  for (let attempt = 0; attempt < 7; attempt++) {
    await kunci.app.mailer.deliverDue()
    const [mail] = await kunci.sql<Array<{ next_attempt_at: Date }>>`select next_attempt_at from mail_outbox`
    const pause = ((mail?.next_attempt_at.getTime() ?? 0) - kunci.clock.now.getTime()) / 1000
    pauses.push(pause)
    kunci.clock.advance(pause)
  }
  t.same(pauses, [1, 2, 4, 8, 15, 15, 15])
  t.same(await outbox(kunci), [{ kind: 'verify_email', state: 'queued', attempts: 7, last_error: 'EMESSAGE DATA 451' }])

  smtp.state.verdict = 'take'
  await kunci.app.mailer.deliverDue()
  t.equal(smtp.received.length, 1)
  t.match(await outbox(kunci), [{ state: 'sent', attempts: 8, last_error: null }])
})

t.test('a mail that the server took but never confirmed comes again with the same link', async t => {
  const smtp = await startSmtp(t)
  const kunci = await build(t, { SMTP_URL: smtp.url })
  await register(kunci)
  await kunci.app.mailer.deliverDue()
  smtp.state.verdict = 'take, hang up once'
  await kunci.app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email: 'siti@example.com' } })
  await kunci.app.mailer.deliverDue()
  kunci.clock.advance(120)
  await kunci.app.mailer.deliverDue()
  const links = smtp.received.filter(mail => mail.subject === 'Reset your password').map(mail => mail.text)
  t.equal(links.length, 2)
  t.equal(links[0], links[1])
  t.match(await outbox(kunci), [{ state: 'sent' }, { state: 'sent' }])
})

t.test('mail of an instance that died while sending is taken up by another', async t => {
  const one = await build(t)
  await register(one)
  await one.sql`update mail_outbox set attempts = 1, next_attempt_at = ${new Date(one.clock.now.getTime() + 120_000)}`
  const other = await build(t, {}, one)
  t.same(await readMails(other), [])
  one.clock.advance(120)
  t.equal((await readMails(other)).length, 1)
  t.same(await readMails(one), [])
})

t.test('two instances send each mail once', async t => {
  const one = await build(t)
  const other = await build(t, {}, one)
  await Promise.all(Array.from({ length: 12 }, async (_, index) => await register(one, { email: `siti${index}@example.com`, username: `siti${index}` })))
  await Promise.all([one.app.mailer.deliverDue(), other.app.mailer.deliverDue()])
  t.equal((await readMails(one)).length + (await readMails(other)).length, 12)
})

t.test('a mail that cannot be sent for three days is given up', async t => {
  const smtp = await startSmtp(t)
  const kunci = await build(t, { SMTP_URL: smtp.url })
  smtp.state.verdict = { refuse: 'no such user', code: 550 }
  await register(kunci)
  await kunci.app.mailer.deliverDue()
  kunci.clock.advance(23 * 3600)
  await kunci.app.mailer.deliverDue()
  t.match(await outbox(kunci), [{ state: 'queued', attempts: 2 }])
  // Its link has expired by then: nothing is left to send.
  kunci.clock.advance(3600)
  await kunci.app.mailer.deliverDue()
  t.match(await outbox(kunci), [{ state: 'dropped', attempts: 3 }])
})

t.test('a mail whose token a newer mail replaced is not sent any more', async t => {
  const smtp = await startSmtp(t)
  const kunci = await build(t, { SMTP_URL: smtp.url })
  smtp.state.verdict = { refuse: 'busy', code: 451 }
  await register(kunci)
  await kunci.app.mailer.deliverDue()
  await kunci.app.inject({ method: 'POST', url: '/auth/resend/verify', payload: { email: 'siti@example.com' } })
  await kunci.app.mailer.deliverDue()
  smtp.state.verdict = 'take'
  kunci.clock.advance(60)
  await kunci.app.mailer.deliverDue()
  t.equal(smtp.received.length, 1)
  t.same((await outbox(kunci)).map(mail => mail['state']).sort(), ['dropped', 'sent'])
})

t.test('without SMTP_URL messages are files that only their owner reads, and their links are logged outside production', async t => {
  const kunci = await build(t)
  await register(kunci)
  const [mail] = await readMails(kunci)
  const folder = join(kunci.dataDir, 'mail')
  const [file = ''] = await readdir(folder)
  t.equal((await stat(join(folder, file))).mode & 0o777, 0o600)
  t.equal((await stat(folder)).mode & 0o777, 0o700)
  t.match(kunci.log.join(''), mail?.token)
  t.match(mail?.html, `<a href="http://auth.test/verify-email?token=${mail?.token}">`)

  const production = await build(t, { NODE_ENV: 'production' })
  await register(production)
  const [silent] = await readMails(production)
  t.match(silent?.token, /^[\w-]{98}$/)
  t.notMatch(production.log.join(''), silent?.token)
})

t.test('a mail server that hangs does not hold the end of the process, and its mail comes later', async t => {
  const smtp = await startSmtp(t)
  const kunci = await build(t, { SMTP_URL: smtp.url })
  smtp.state.verdict = 'hang'
  await register(kunci)
  const hanging = kunci.app.mailer.deliverDue().catch(() => {})
  while ((await outbox(kunci))[0]?.['attempts'] !== 1) await setImmediate()
  await kunci.app.close()
  t.match(await outbox(kunci), [{ state: 'queued', attempts: 1, last_error: null }], 'closed before the attempt came to its end')

  smtp.state.verdict = 'take'
  const next = await build(t, { SMTP_URL: smtp.url }, kunci)
  kunci.clock.advance(120)
  await next.app.mailer.deliverDue()
  t.equal(smtp.received.length, 1)
  t.match(await outbox(kunci), [{ state: 'sent', attempts: 2 }])
  smtp.end()
  await hanging
})
