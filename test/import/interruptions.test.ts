import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { build, type Kunci } from '../helper.js'
import { register } from '../outlet/client.js'
import { everything, jsonLines, runKunci, startKunci } from './client.js'

/** Waits until lines are staged, and more are waited for. */
async function staged ({ sql }: Kunci): Promise<void> {
  for (let importing = 0; importing === 0;) {
    importing = (await sql`select from pg_stat_activity where datname = current_database() and state = 'idle in transaction' and query like 'insert into import_accounts%'`).length
  }
}

/** Waits until the import waits for somebody else. */
async function held ({ sql }: Kunci): Promise<void> {
  for (let waiting = 0; waiting === 0;) {
    waiting = (await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).length
  }
}

t.test('an import that is killed midway leaves nothing, and nothing locked', async t => {
  const kunci = await build(t)
  const before = await everything(kunci)
  const process = startKunci(kunci, ['user', 'import', '-'])
  const half = Array.from({ length: 3000 }, (_, place) => ({ email: `orang${place}@example.com`, username: `orang${place}` }))
  process.stdin.write(jsonLines(...half))
  await staged(kunci)
  t.same(await everything(kunci), before, 'whoever looks meanwhile sees none')
  t.equal((await register(kunci, { email: 'orang1@example.com', username: 'orang1' })).statusCode, 200, 'and may take what a line wants')
  process.kill('SIGKILL')
  await once(process, 'close')
  t.same((await everything(kunci)).users.map(user => user['email']), ['orang1@example.com'])
})

t.test('an account that is registered while the lines are written ends the import, which may be run again', async t => {
  const kunci = await build(t)
  const { sql } = kunci
  const registering = await sql.reserve()
  t.teardown(() => { registering.release() })
  await registering`begin`
  await registering`insert into users (id, email, created_at, updated_at) values (gen_random_uuid(), 'rebut@example.com', now(), now())`
  const importing = runKunci(kunci, ['user', 'import', '-', '--skip-bad'], jsonLines({ email: 'satu@example.com' }, { email: 'rebut@example.com' }))
  await held(kunci)
  await registering`commit`
  t.same(await importing, { code: 1, out: '', err: 'kunci: accounts, roles or outlets changed meanwhile: nothing was imported, run it again\n' })
  t.same((await everything(kunci)).users.map(user => user['email']), ['rebut@example.com'])
  t.match(await runKunci(kunci, ['user', 'import', '-', '--skip-bad'], jsonLines({ email: 'satu@example.com' }, { email: 'rebut@example.com' })), { code: 0, out: '1 account imported, 1 left out\n', err: 'line 2: email is taken\n' })
})

t.test('an address that is kept for its former owner while the lines are written ends the import', async t => {
  const kunci = await build(t)
  const { sql } = kunci
  await register(kunci, { email: 'siti@example.com' })
  const registering = await sql.reserve()
  t.teardown(() => { registering.release() })
  await registering`begin`
  await registering`insert into users (id, email, created_at, updated_at) values (gen_random_uuid(), 'satu@example.com', now(), now())`
  const importing = runKunci(kunci, ['user', 'import', '-'], jsonLines({ email: 'satu@example.com' }, { email: 'lama@example.com' }))
  await held(kunci)
  await sql`insert into one_time_tokens (user_id, id, purpose, counter, email, created_at, expires_at)
    select id, gen_random_uuid(), 'restore-email:' || gen_random_uuid(), 1, 'lama@example.com', now(), now() + interval '1 day' from users`
  await registering`rollback`
  t.same(await importing, { code: 1, out: '', err: 'kunci: accounts, roles or outlets changed meanwhile: nothing was imported, run it again\n' })
  t.same((await everything(kunci)).users.map(user => user['email']), ['siti@example.com'])
})

t.test('a role that goes while the lines are read ends the import, and whoever takes it away does not wait', async t => {
  const kunci = await build(t)
  const importing = startKunci(kunci, ['user', 'import', '-'])
  const said = text(importing.stderr)
  importing.stdin.write(jsonLines(...Array.from({ length: 1000 }, (_, place) => ({ email: `orang${place}@example.com`, roles: ['volunteer'] }))))
  await staged(kunci)
  await kunci.sql`delete from roles where name = 'volunteer'`
  importing.stdin.end()
  t.same(await once(importing, 'close'), [1, null])
  t.equal(await said, 'kunci: accounts, roles or outlets changed meanwhile: nothing was imported, run it again\n')
  t.same(await kunci.sql`select * from users`, [])
})
