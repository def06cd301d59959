import t from 'tap'
import { build } from '../helper.js'
import * as outlet from '../outlet/client.js'
import { BAD_TOKEN, CONTRACTS, login, register, registerSignedIn, tryLogin, updateProfile, verifyToken } from './client.js'

const kunci = await build(t, { CONTRACTS })
const { clock, sql } = kunci

async function account (local: string) {
  const email = `${local}@example.com`
  const { id } = (await register(kunci, { email })).json().data
  const user = { id, email, nama_lengkap: 'Dermawan Saputra', telp: '081234567890', role: 'user' }
  return { token: await login(kunci, email), user, valid: { success: true, message: 'Token valid', data: user } }
}

t.test('it tells of the account as it is now, not as it was when the token was issued', async t => {
  const { token, user, valid } = await account('now')
  t.same((await verifyToken(kunci, token)).json(), valid)

  await updateProfile(kunci, token, { nama_lengkap: 'Dermawan S.', telp: '+6281234567899', email: 'new.now@example.com' })
  const changed = { ...user, nama_lengkap: 'Dermawan S.', telp: '+6281234567899', email: 'new.now@example.com' }
  t.same((await verifyToken(kunci, token)).json().data, changed)

  await sql`update user_roles set role_id = (select id from roles where name = 'volunteer') from users where users.id = user_id and number = ${user.id}`
  t.same((await verifyToken(kunci, token)).json().data, { ...changed, role: 'volunteer' })

  await sql`update user_roles set status = false from users where users.id = user_id and number = ${user.id}`
  t.same((await verifyToken(kunci, token)).json().data, { ...changed, role: null })
})

t.test('of several roles the primary one is shown', async t => {
  const { token, user } = await account('several')
  await sql`insert into user_roles (user_id, role_id, status, is_primary, created_at, updated_at)
    select users.id, roles.id, true, false, ${clock.now}, ${clock.now} from users, roles where users.number = ${user.id} and roles.name in ('admin', 'volunteer')`
  t.equal((await verifyToken(kunci, token)).json().data.role, 'user')
})

t.test('an account of another contract shows what it does not have as null', async t => {
  await outlet.registerVerified(kunci, 'shop@example.com', 'shop')
  const response = await verifyToken(kunci, await login(kunci, 'shop@example.com', outlet.PASSWORD))
  t.equal(response.statusCode, 200)
  const { id } = response.json().data
  t.type(id, 'number')
  t.same(response.json(), { success: true, message: 'Token valid', data: { id, email: 'shop@example.com', nama_lengkap: null, telp: null, role: 'user' } })
})

t.test('a fault is told in the words of the document, without what it was', async t => {
  const kunci = await build(t, { CONTRACTS })
  const token = await registerSignedIn(kunci)
  await kunci.sql`alter table user_roles rename to gone`
  const response = await verifyToken(kunci, token)
  t.equal(response.statusCode, 500)
  t.same(response.json(), { success: false, message: 'Error saat memverifikasi token', error: ['Terjadi kesalahan pada server'] })
  const elsewhere = await tryLogin(kunci)
  t.equal(elsewhere.statusCode, 500)
  t.same(elsewhere.json(), { success: false, message: 'Terjadi kesalahan pada server' })
})

t.test('a disabled account has no valid token, and a deleted one neither', async t => {
  const { token, user, valid } = await account('gone')
  const [known] = await sql<Array<{ id: string }>>`update users set disabled_at = ${clock.now} where number = ${user.id} returning id`
  await kunci.app.revocations.settle(known?.id ?? '')
  const disabled = await verifyToken(kunci, token)
  t.equal(disabled.statusCode, 401)
  t.same(disabled.json(), BAD_TOKEN)
  await sql`update users set disabled_at = null where number = ${user.id}`
  t.same((await verifyToken(kunci, token)).json(), BAD_TOKEN, 'what was issued before stays dead')
  const again = await login(kunci, 'gone@example.com')
  t.same((await verifyToken(kunci, again)).json(), valid)
  await sql`delete from users where number = ${user.id}`
  await kunci.app.revocations.settle(known?.id ?? '')
  const deleted = await verifyToken(kunci, again)
  t.equal(deleted.statusCode, 401)
  t.same(deleted.json(), BAD_TOKEN)
})
