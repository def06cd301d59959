import t from 'tap'
import { bearer, build } from '../helper.js'
import { PASSWORD, registerVerified } from '../outlet/client.js'
import { refusesBadInput } from './bad-input.js'
import { allTokens, names, person } from './clients.js'
import { endpointsOf } from './endpoints.js'

const kunci = await build(t, { CONTRACTS: '' })
const owner = person('siti')
await registerVerified(kunci, owner.email, owner.username)
const tokens = await allTokens(kunci, owner)
const [ids] = await kunci.sql<Array<{ number: string, session: string, outlet: string, role: string }>>`
  select users.number, sessions.id as session, outlet_id as outlet, role_id as role from users
  join sessions on sessions.user_id = users.id and contract = 'member' join user_roles on user_roles.user_id = users.id`

/** What the account is known by, or what nobody has where that is chosen. */
const right: Readonly<Record<string, unknown>> = { id: ids?.session, id_user: ids?.number, outlet_id: ids?.outlet, role_id: ids?.role, oldPassword: PASSWORD, old_password: PASSWORD, currentPassword: PASSWORD, current_password: PASSWORD, confirmPassword: PASSWORD }
const newcomer = { email: 'new@example.com', username: 'new name' }

await refusesBadInput(t, {
  kunci,
  endpoints: (await Promise.all(names.map(async name => await endpointsOf(kunci, name)))).flat(),
  valuesFor ({ name, path }) {
    const names = /register|signup|profile/.test(path) ? newcomer : owner
    return { ...right, ...names, ...name === 'console' ? { role_id: 2 } : {} }
  },
  headersFor: ({ name }) => ({ ...bearer(tokens[name].access), cookie: `refresh_token=${tokens[name].refresh}` })
})
