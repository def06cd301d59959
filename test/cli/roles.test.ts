import t from 'tap'
import { bearer } from '../helper.js'
import { cookieOf, login, profile, refresh, refusedSoon, registerVerified } from '../outlet/client.js'
import { buildBeside, cells, json, masked, newCommandLine } from './kunci.js'

interface Role {
  id: string
  createdAt: string
  updatedAt: string
}

interface Account {
  roles: Array<{ name: string, isActive: boolean, isPrimary: boolean }>
}

t.test('roles are listed and made', async t => {
  const kunci = await newCommandLine(t)
  const own = 'users.create, users.read, users.update, users.delete, roles.manage, outlets.manage, sessions.manage, audit.read'
  const listed = await kunci('role', 'list')
  t.same([listed.code, listed.err], [0, ''])
  t.same(cells(listed.out), [
    ['ID', 'NUMBER', 'NAME', 'ADMIN', 'SELF-ASSIGNABLE', 'DEFAULT', 'PERMISSIONS'],
    ['<id>', '1', 'admin', 'yes', 'no', 'no', own],
    ['<id>', '2', 'user', 'no', 'yes', 'yes', '-'],
    ['<id>', '3', 'volunteer', 'no', 'yes', 'no', '-']
  ])
  const made = await kunci('role', 'create', 'Cashier', '--permission', 'sales.create', '--permission', 'sales.read', '--permission', 'sales.read')
  t.same({ ...made, out: masked(made.out) }, { code: 0, out: 'Cashier was made: <id>\n', err: '' })
  const open = json<Role>(await kunci('role', 'create', 'visitor', '--self-assignable', '--json'))
  t.same(open, { id: open.id, number: 5, name: 'visitor', permissions: [], isAdmin: false, selfAssignable: true, isDefault: false, createdAt: open.createdAt, updatedAt: open.createdAt })
  const { rows, next } = json<{ rows: Role[], next: null }>(await kunci('role', 'list', '--json'))
  t.equal(next, null)
  t.equal(rows.length, 5)
  t.same(rows[3], { id: rows[3]?.id, number: 4, name: 'Cashier', permissions: ['sales.create', 'sales.read'], isAdmin: false, selfAssignable: false, isDefault: false, createdAt: rows[3]?.createdAt, updatedAt: rows[3]?.createdAt })
  t.same(rows[4], open)

  t.same(await kunci('role', 'create', 'ADMIN'), { code: 1, out: '', err: 'kunci: another role has this name, case aside\n' })
  t.same(await kunci('role', 'create', 'baker', '--permission', 'Bread!'), {
    code: 2, out: '', err: 'kunci: --permission was "Bread!", but takes words of small letters, digits, underscores or hyphens, joined by dots, such as reports.read\n'
  })
})

t.test('a role is granted and revoked on a running server, whose older tokens are refused', async t => {
  const { server, kunci } = await buildBeside(t)
  await registerVerified(server)
  const { accessToken, cookie } = await login(server)
  t.same(await kunci('role', 'grant', 'siti', 'Admin', '--primary'), { code: 0, out: 'siti@example.com has admin (primary), user.\n', err: '' })
  t.ok(await refusedSoon(server, accessToken))
  const refreshed = await refresh(server, cookie)
  t.match((await profile(server, refreshed.json().access_token)).json(), { data: { role: { name: 'admin', isAdmin: true } } })

  t.same(await kunci('role', 'revoke', 'siti', 'admin'), { code: 1, out: '', err: 'kunci: this is the last administrator, and one must stay: make another first, by kunci role grant USER admin\n' })
  await registerVerified(server, 'budi@example.com', 'budi')
  t.equal((await kunci('role', 'grant', 'budi', 'admin')).out, 'budi@example.com has user (primary), admin.\n')
  t.same(await kunci('role', 'revoke', 'siti', 'admin'), { code: 0, out: 'siti@example.com has user (primary).\n', err: '' })
  t.ok(await refusedSoon(server, refreshed.json().access_token))
  const demoted = await refresh(server, cookieOf(refreshed))
  t.match((await profile(server, demoted.json().access_token)).json(), { data: { role: { name: 'user', isAdmin: false } } })
  t.equal((await server.app.inject({ url: '/auth/sessions', headers: bearer(demoted.json().access_token) })).statusCode, 200)
})

t.test('granting and revoking once more change nothing, and an account keeps one active role', async t => {
  const { server, kunci } = await buildBeside(t)
  await registerVerified(server)
  const { accessToken } = await login(server)
  const same = json<Account>(await kunci('role', 'grant', 'siti', 'user', '--primary', '--json'))
  t.match(same.roles, [{ name: 'user', isActive: true, isPrimary: true }])
  t.match(json<Account>(await kunci('role', 'revoke', 'siti', 'volunteer', '--json')).roles, [{ name: 'user' }])
  t.same(await server.sql`select from audit_events where type = 'account.roles_changed'`, [])
  t.equal((await profile(server, accessToken)).statusCode, 200, 'nobody is signed out over it')

  t.same(await kunci('role', 'revoke', 'siti', 'user'), { code: 1, out: '', err: 'kunci: this is the only active role that the account has, and it must keep one: grant another first\n' })
  t.same(await kunci('role', 'grant', 'siti', 'baker'), { code: 1, out: '', err: 'kunci: no role has the name or id "baker": kunci role list shows them\n' })
  // An administrator may have suspended a role: it cannot be the one that is left.
  await kunci('role', 'grant', 'siti', 'volunteer')
  await server.sql`update user_roles set status = false where not is_primary`
  t.equal((await kunci('user', 'show', 'siti')).out.match(/^roles.*$/m)?.[0], 'roles     user (primary), volunteer (not active)')
  t.equal((await kunci('role', 'revoke', 'siti', 'user')).code, 1)
  t.equal((await kunci('role', 'grant', 'siti', 'volunteer')).out, 'siti@example.com has user (primary), volunteer.\n')
  t.equal((await kunci('role', 'revoke', 'siti', 'user')).out, 'siti@example.com has volunteer (primary).\n')
})

t.test('of grants and revocations at once each counts, and one administrator stays', async t => {
  const kunci = await newCommandLine(t)
  for (const name of ['cashier', 'baker', 'driver']) await kunci('role', 'create', name)
  for (const name of ['siti', 'budi']) await kunci('user', 'create', `${name}@example.com`, '--role', 'admin')
  const granted = await Promise.all(['cashier', 'baker', 'driver', 'volunteer'].map(async role => await kunci('role', 'grant', 'siti@example.com', role)))
  t.same(granted.map(({ code }) => code), [0, 0, 0, 0])
  t.same(json<Account>(await kunci('user', 'show', 'siti@example.com', '--json')).roles.map(role => role.name), ['admin', 'volunteer', 'cashier', 'baker', 'driver'])

  const acts = await Promise.all([
    kunci('user', 'disable', 'siti@example.com'),
    kunci('user', 'delete', 'budi@example.com', '--yes')
  ])
  t.same(acts.map(({ code }) => code).sort(), [0, 1], 'of two that would leave no administrator one is refused')
  t.match(acts.find(({ code }) => code === 1)?.err, /^kunci: this is the last administrator, and one must stay: .*\n$/)
})
