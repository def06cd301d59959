import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { createFolder } from '../folder.js'
import { build, type Kunci } from '../helper.js'
import { jsonLines, signIn, startKunci } from '../import/client.js'

const ACCOUNTS = 100_000
const HASHES = [
  '$2b$12$fLAbleTmUfbl5fKf7k7nWeYqEs3kd13xNdmPOy4vVpSxCjs.Ny7Ry',
  '$argon2id$v=19$m=65536,t=3,p=4$BaGPvicRHidaBImiqiKw1A$JLnKpVN+XtWRhoYGpDSTpj+LgrX4/ufjBFnvj9hV+Vs',
  'pbkdf2_sha256$600000$cDhuq7BJ2Vy5IfdqEtZa4y$8XgGXrOem3mESeJXXaicqKA/ZGx9yVdYdpcwgOimsF0=',
  '$2y$05$abcdefghijklmnopqrstuubBvOziOylRSGeSdIXl25SZhJSlhQBdK'
]

async function writeAccounts (t: Test): Promise<string> {
  const path = join(await createFolder(t), 'users.jsonl')
  const file = await open(path, 'w')
  for (let first = 1; first <= ACCOUNTS; first += 10_000) {
    await file.write(jsonLines(...Array.from({ length: 10_000 }, (_, place) => {
      const number = first + place
      return {
        email: `orang${number}@example.com`,
        username: `orang.${number}`,
        name: `Orang Ke ${number}`,
        phone: `0812${String(number).padStart(8, '0')}`,
        outlet: 'Main Outlet',
        roles: number % 3 === 0 ? ['volunteer', 'user'] : ['user'],
        password_hash: HASHES[number % 4],
        email_verified: true,
        created_at: '2021-05-01T12:00:00Z'
      }
    })))
  }
  await file.close()
  return path
}

function environment ({ databaseUrl, dataDir }: Kunci) {
  return { PATH: process.env['PATH'], DATABASE_URL: databaseUrl, DATA_DIR: dataDir, AUTH_SECRET: 'a secret for tests alone and of more than 32 bytes' }
}

t.test('100,000 accounts are imported within three minutes and 300 MB, and make no token void', async t => {
  const kunci = await build(t)
  const file = await writeAccounts(t)
  const tellMemory = "data:text/javascript,process.on('exit',()=>process.stderr.write(String(process.resourceUsage().maxRSS)))"
  const before = performance.now()
  const [out, err] = await new Promise<[string, string]>(resolve => {
    execFile(process.execPath, ['--import', tellMemory, 'build/src/cli.js', 'user', 'import', file], { env: environment(kunci) }, (_, out, err) => { resolve([out, err]) })
  })
  const seconds = (performance.now() - before) / 1000
  t.equal(out, '100000 accounts imported\n')
  t.comment(`${seconds.toFixed(1)} s, ${Math.round(Number(err) / 1024)} MB`)
  t.ok(seconds < 180)
  t.ok(Number(err) < 300 * 1024)
  t.same(await kunci.sql`select (select count(*)::int from users) as users, (select count(*)::int from user_roles) as roles, (select count(*)::int from audit_events) as events, (select count(*)::int from revocations) as revocations`,
    [{ users: ACCOUNTS, roles: ACCOUNTS + Math.floor(ACCOUNTS / 3), events: ACCOUNTS, revocations: 0 }])
  t.equal(await signIn(kunci, `orang${ACCOUNTS - 1}@example.com`, 'Kunci-lama 7é'), 200)
})

t.test('an import waits longer than a request may: for the next line, and for a row that somebody else holds', async t => {
  const kunci = await build(t)
  const importing = startKunci(kunci, ['user', 'import', '-'])
  const said = Promise.all([text(importing.stdout), text(importing.stderr)])
  importing.stdin.write(jsonLines({ email: 'satu@example.com' }))
  // The pool's limits are 15 s between two statements, 10 s for one, 5 s for a lock.
  await delay(17_000)
  const registering = await kunci.sql.reserve()
  t.teardown(() => { registering.release() })
  await registering`begin`
  await registering`insert into users (id, email, created_at, updated_at) values (gen_random_uuid(), 'dua@example.com', now(), now())`
  importing.stdin.end(jsonLines({ email: 'dua@example.com' }))
  await delay(12_000)
  await registering`rollback`
  t.same(await once(importing, 'close'), [0, null])
  t.same(await said, ['2 accounts imported\n', ''])
})

t.test('on a terminal a bar shows how far it is, and is gone at the end', async t => {
  const kunci = await build(t)
  const file = await writeAccounts(t)
  // Debian's `script` gives the command a terminal.
  const terminal = spawn('script', ['-qec', `stty cols 100; ${process.execPath} build/src/cli.js user import --dry-run ${file}`, '/dev/null'], { env: { ...environment(kunci), TERM: 'xterm' }, stdio: ['ignore', 'pipe', 'inherit'] })
  const ERASE = '\r\x1b[2K'
  const drawn = (await text(terminal.stdout)).split(ERASE)
  t.match(drawn.at(-2), /^\[#+\.*\] \d+ % reading [\d,]+ lines, [\d,]+\/s, \d+ s left$/)
  t.equal(drawn.at(-1), '100000 accounts can be imported; nothing was written\r\n')
})
