import t from 'tap'
import { build } from '../helper.js'
import { importFile, jsonLines } from './client.js'

const BCRYPT = '$2y$05$abcdefghijklmnopqrstuubBvOziOylRSGeSdIXl25SZhJSlhQBdK'

t.test('no word of a hash or password is ever told, wherever it stands', async t => {
  const kunci = await build(t)
  const secrets = [BCRYPT, 'rahasia-sekali', '$argon2id$v=19$m=1024,t=0,p=2$c29tZXNhbHQ$c29tZXNhbHQ']
  const file = jsonLines(...secrets.flatMap(secret => [{ email: secret }, { email: 'a@example.com', password_hash: `${secret}!` }, { email: 'b@example.com', name: `${secret}\n` }, { email: 'c@example.com', [secret]: secret }, { email: 'd@example.com', roles: [secret], outlet: secret, id: secret, created_at: secret }]))
  for (const args of [[], ['--json']]) {
    const { out, err } = await importFile(kunci, file, { args })
    for (const secret of secrets) t.notOk((out + err).includes(secret.slice(0, 12)), secret)
  }
})

t.test('a first line that is no header is not repeated', async t => {
  const kunci = await build(t)
  t.same(await importFile(kunci, `rahasia-sekali,${BCRYPT}\nx,y\n`, { name: 'users.csv' }), {
    code: 1, out: '', err: `kunci: ${kunci.dataDir}/users.csv begins with no header: its first line names the fields, email among them, separated by commas\n`
  })
})
