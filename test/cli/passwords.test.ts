import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { mailedToken, readMails } from '../helper.js'
import { login, PASSWORD, refusedSoon, registerVerified } from '../outlet/client.js'
import { buildBeside, json, runProcess } from './kunci.js'

const NEW = 'Rahasia-baru 7'

t.test('a password that is set ends the sessions on a running server, and the address is told', async t => {
  const { server, env } = await buildBeside(t)
  await registerVerified(server)
  const { accessToken } = await login(server)
  const set = await runProcess(env, ['user', 'reset-password', 'siti', '--password-stdin'], NEW)
  t.same(set, { code: 0, out: 'siti@example.com has the new password. 1 session ended, and the address is told by mail.\n', err: '' })
  t.ok(await refusedSoon(server, accessToken))
  const refused = await server.app.inject({ method: 'POST', url: '/auth/login', payload: { email: 'siti@example.com', password: PASSWORD } })
  t.equal(refused.statusCode, 401)
  t.ok((await login(server, 'siti@example.com', NEW)).accessToken)
  const [account] = await server.sql<Array<{ hash: string }>>`select password_hash as hash from users`
  t.match(account?.hash, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)

  const again = json<{ id: string }>(await runProcess(env, ['user', 'reset-password', 'siti', '--password-stdin', '--json'], `${NEW}\r\n`))
  t.same(again, { id: again.id, email: 'siti@example.com', ended: 1 })
  server.clock.now = new Date()
  t.same((await readMails(server)).slice(1).map(({ to, subject }) => [to, subject]), [['siti@example.com', 'Your password was changed'], ['siti@example.com', 'Your password was changed']])
})

t.test('a mailed link resets the password, five an hour and not of a disabled account', async t => {
  const { server, kunci } = await buildBeside(t)
  await registerVerified(server)
  t.same(await kunci('user', 'reset-password', 'siti@example.com'), {
    code: 0, out: 'A mail to siti@example.com with a link to choose a new password is queued. A running server sends it within a second or two, otherwise the next one that starts.\n', err: ''
  })
  server.clock.now = new Date()
  const reset = await server.app.inject({ method: 'POST', url: '/auth/password/reset', payload: { token: await mailedToken(server, 'siti@example.com'), password: NEW, confirmPassword: NEW } })
  t.equal(reset.statusCode, 200)

  const queued = json<{ id: string }>(await kunci('user', 'reset-password', 'siti', '--json'))
  t.same(queued, { id: queued.id, email: 'siti@example.com', mail: 'reset_password' })
  for (let times = 0; times < 3; times++) t.equal((await kunci('user', 'reset-password', 'siti')).code, 0)
  t.same(await kunci('user', 'reset-password', 'siti'), { code: 1, out: '', err: 'kunci: siti@example.com was sent five such mails within an hour, and gets no more: the last link is good for an hour\n' })
  t.equal((await server.sql`select from audit_events where type = 'account.reset_sent'`).length, 5, 'what was not sent is not recorded')

  await kunci('user', 'disable', 'siti')
  t.same(await kunci('user', 'reset-password', 'siti'), { code: 1, out: '', err: `kunci: siti@example.com is disabled, and no link is good for it: kunci user enable ${queued.id} first\n` })
})

t.test('no password, hash, token or link is ever shown', async t => {
  const { server, env, kunci } = await buildBeside(t, { DATABASE_DIRECT_URL: '' })
  const outputs = [
    await runProcess(env, ['user', 'create', 'siti@example.com', '--password-stdin', '--json'], NEW),
    await runProcess(env, ['user', 'reset-password', 'siti@example.com', '--password-stdin', '--json'], PASSWORD),
    await runProcess(env, ['user', 'reset-password', 'siti@example.com', '--password-stdin'], 'kurz')
  ]
  await kunci('user', 'reset-password', 'siti@example.com')
  server.clock.now = new Date()
  await server.app.mailer.deliverDue()
  const { rows } = json<{ rows: Array<{ id: string }> }>(await kunci('mail', 'list', '--json'))
  t.equal(rows.length, 3)
  for (const { id } of rows) outputs.push(await kunci('mail', 'show', id), await kunci('mail', 'show', id, '--json'))
  for (const command of [['mail', 'list'], ['user', 'show', 'siti@example.com'], ['user', 'list'], ['events'], ['keys', 'list']]) outputs.push(await kunci(...command), await kunci(...command, '--json'))

  const folder = join(server.dataDir, 'mail')
  const mails = (await Promise.all((await readdir(folder)).map(async name => await readFile(join(folder, name), 'utf8')))).join('').replace(/=\r?\n/g, '')
  const tokens = [...mails.matchAll(/token=3D([\w-]+)/g)].map(found => found[1] ?? '')
  t.ok(tokens.length > 0)
  const kept = await server.sql<Array<{ id: string }>>`select id from one_time_tokens`
  const [key] = await server.sql<Array<{ pem: string }>>`select public_key as pem from signing_keys`
  const shown = outputs.map(({ out, err }) => out + err).join('')
  for (const secret of [NEW, PASSWORD, 'kurz', '$argon2', 'token=', 'PRIVATE', 'AUTH_SECRET', env['AUTH_SECRET'] ?? '', key?.pem ?? 'PEM', ...tokens, ...kept.map(({ id }) => id)]) t.notOk(shown.includes(secret), secret)
})
