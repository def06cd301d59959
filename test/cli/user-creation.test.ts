import t from 'tap'
import { login, PASSWORD, profile } from '../outlet/client.js'
import { mailedToken, readMails } from '../helper.js'
import { buildBeside, json, newEnvironment, run, runProcess } from './kunci.js'

const NEW = 'Rahasia-baru 7'

t.test('an account whose owner chooses the password by the mailed link', async t => {
  const { server, kunci } = await buildBeside(t, { CONTRACTS: 'outlet,donation=/donation/auth', APP_URL: 'outlet=https://app.example,donation=https://donasi.example' })
  const made = json<{ id: string, mail: string }>(await kunci('user', 'create', 'siti@example.com', '--json'))
  t.equal(made.mail, 'choose_password')
  server.clock.now = new Date()
  const token = await mailedToken(server, 'siti@example.com')
  const chosen = await server.app.inject({ method: 'POST', url: '/auth/password/reset', payload: { token, password: NEW, confirmPassword: NEW } })
  t.equal(chosen.statusCode, 200)
  const { accessToken } = await login(server, 'siti@example.com', NEW)
  t.match((await profile(server, accessToken)).json(), { data: { id: made.id, isConfirmed: true, role: { name: 'user' } } })

  t.equal((await kunci('user', 'create', 'budi@example.com', '--contract', 'donation')).code, 0)
  server.clock.now = new Date()
  const mails = await readMails(server)
  t.same(mails.filter(mail => mail.token !== '').map(({ to, subject, text }) => [to, subject, /https:\S+\?/.exec(text)?.[0]]), [
    ['siti@example.com', 'An account was made for you', 'https://app.example/reset-password?'],
    ['budi@example.com', 'Akun telah dibuat untuk Anda', 'https://donasi.example/reset-password?']
  ])
})

t.test('an account with a password from standard input verifies its address by mail, unless it counts as verified', async t => {
  const { server, env, kunci } = await buildBeside(t)
  const create = async (...args: string[]) => await runProcess(env, ['user', 'create', ...args, '--password-stdin'], `${PASSWORD}\n`)
  const admin = await create('admin@example.com', '--role', 'admin', '--verified')
  t.match(admin, { code: 0, out: /^admin@example\.com was made: [\da-f-]{36}\n$/, err: '' })
  const { accessToken } = await login(server, 'admin@example.com')
  t.match((await profile(server, accessToken)).json(), { data: { isConfirmed: true, role: { name: 'admin', isAdmin: true } } })

  const siti = await create('siti@example.com')
  t.match(siti.out, /^siti@example\.com was made: [\da-f-]{36}\nA mail with a link to verify the address is queued\. /)
  const refused = await server.app.inject({ method: 'POST', url: '/auth/login', payload: { email: 'siti@example.com', password: PASSWORD } })
  t.same(refused.json(), { status: 403, message: 'Email not verified' })
  server.clock.now = new Date()
  await server.app.inject({ method: 'POST', url: '/auth/verify', payload: { token: await mailedToken(server, 'siti@example.com') } })
  t.ok((await login(server)).accessToken)
  t.same((await readMails(server)).map(mail => mail.to), ['siti@example.com'], 'who counts as verified gets no mail')
  t.same(await kunci('user', 'create', 'budi@example.com', '--verified'), {
    code: 2, out: '', err: 'kunci: --verified takes --password-stdin along: the link in the mail verifies the address otherwise\n'
  })
})

t.test('what cannot be taken makes no account', async t => {
  const env = { ...await newEnvironment(t), CONTRACTS: 'outlet,signin=/signin/auth' }
  const create = async (args: string[], input?: string | Buffer) => input === undefined ? await run(env, ['user', 'create', ...args]) : await runProcess(env, ['user', 'create', ...args], input)
  t.equal((await create(['siti@example.com', '--username', 'siti'])).code, 0)
  const refused: Array<[args: string[], line: string, input?: string]> = [
    [['siti@example.com'], 'another account has this email address, or had it lately and may take it back'],
    [['other@example.com', '--username', 'SITI'], 'another account has this username, case aside'],
    [['other@example.com', '--role', 'baker'], 'no role has the name or id "baker": kunci role list shows them'],
    [['other@example.com', '--role', 'user', '--role', 'USER'], 'roles must name each role once, and one active role as the primary one'],
    [['other@example.com', '--outlet', 'main outlet'], 'no outlet has the name or id "main outlet": kunci outlet list shows them'],
    [['other@example.com', '--password-stdin'], 'password must be at least 8 characters; password must contain a symbol', 'kata1\n'],
    [['other@example.com', '--password-stdin'], 'password is one of the most common passwords', 'Qwerty123!\n'],
    [['other@example.com', '--password-stdin'], 'password must be at most 128 characters', `${'Ab1!'.repeat(33)}\n`]
  ]
  const wrong: Array<[args: string[], line: string, input?: string | Buffer]> = [
    [['siti@localhost'], 'EMAIL was "siti@localhost", but takes a plain address of at most 100 characters, such as siti@example.com'],
    [['other@example.com', '--username', 'ab'], '--username was "ab", but takes 3 to 50 letters, digits, dots, underscores, hyphens or single inner spaces'],
    [['other@example.com', '--name', ' Siti'], '--name was " Siti", but takes 1 to 100 characters, none of them a control character, no space at the ends'],
    [['other@example.com', '--phone', '12'], '--phone was "12", but takes a possible phone number of at most 15 characters, with its country code or one of ID'],
    [['other@example.com', '--contract', 'member'], '--contract was "member", but takes one that is served: outlet, signin'],
    [['other@example.com', '--password-stdin'], '--password-stdin takes one line of UTF-8 on standard input: the password', `${PASSWORD}\n${PASSWORD}\n`],
    [['other@example.com', '--password-stdin'], '--password-stdin takes one line of UTF-8 on standard input: the password', 'x'.repeat(10_000)],
    [['other@example.com', '--password-stdin'], '--password-stdin takes one line of UTF-8 on standard input: the password', Buffer.from([0x52, 0xff, 0x0a])]
  ]
  for (const [cases, code] of [[refused, 1], [wrong, 2]] as const) {
    for (const [args, line, input] of cases) t.same(await create(args, input), { code, out: '', err: `kunci: ${line}\n` })
  }
  t.equal(json<{ rows: unknown[] }>(await run(env, ['user', 'list', '--json'])).rows.length, 1)
})
