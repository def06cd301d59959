import t from 'tap'
import { disableAccount } from '../../src/domain/administration/accounts.js'
import { createOutlet } from '../../src/domain/administration/outlets.js'
import { build } from '../helper.js'
import { registerVerified } from '../outlet/client.js'

t.test('whoever has the command line needs no account, no session and no permission, and is named as nobody', async t => {
  const kunci = await build(t)
  const { app, clock, sql } = kunci
  await registerVerified(kunci)
  const operator = { accountId: null, requester: null }
  const [account] = await sql<Array<{ id: string }>>`select id from users`
  await createOutlet(app.db, operator, { name: 'Second', registration: 'open' }, clock.now)
  await disableAccount(app.db, operator, account?.id ?? '', clock.now)
  const events = await sql`select type, actor_id, ip, user_agent from audit_events where type in ('outlet.created', 'account.disabled') order by number`
  t.same([...events], [
    { type: 'outlet.created', actor_id: null, ip: null, user_agent: null },
    { type: 'account.disabled', actor_id: null, ip: null, user_agent: null }
  ])
})
