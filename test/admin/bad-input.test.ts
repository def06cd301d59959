import t from 'tap'
import { refusesBadInput } from '../contracts/bad-input.js'
import { endpointsOf } from '../contracts/endpoints.js'
import { bearer } from '../helper.js'
import { choices } from '../outlet/client.js'
import { administered, makeRole } from './client.js'

const { kunci, root } = await administered(t)
const { outlet, user } = await choices(kunci)
const account = (await root.ask('POST', '/users', { email: 'siti@example.com', role_id: user })).json().data.id
const invitation = (await root.ask('POST', '/invitations', { email: 'guest@example.com', role_id: user })).json().data.id
const ids: Readonly<Record<string, string>> = { users: account, roles: await makeRole(kunci, 'nothing', []), outlets: outlet, invitations: invitation }

await refusesBadInput(t, {
  kunci,
  endpoints: await endpointsOf(kunci, 'admin'),
  valuesFor ({ path }) {
    return { id: ids[path.split('/')[2] ?? ''] ?? account, email: 'new@example.com', username: 'new name', role_id: user, outlet_id: outlet }
  },
  headersFor: () => bearer(root.accessToken)
})
