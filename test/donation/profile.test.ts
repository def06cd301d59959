import t from 'tap'
import { build } from '../helper.js'
import { BAD_TOKEN, CONTRACTS, DONATION, login, register, registerSignedIn, REQUIRED, updateProfile, verifyToken } from './client.js'

const kunci = await build(t, { CONTRACTS })
const { app, clock, sql } = kunci

/** Everything that is stored of an account. */
async function stored (email: string) {
  return await sql`select users.*, role_id, status, is_primary from users join user_roles on user_id = users.id where email = ${email}`
}

t.test('each field is changed alone, and all of them together', async t => {
  const created = clock.now.toISOString()
  const { id } = (await register(kunci, { email: 'each@example.com', role: 'volunteer' })).json().data
  const token = await login(kunci, 'each@example.com')
  let profile = { id, email: 'each@example.com', role: 'volunteer', nama_lengkap: 'Dermawan Saputra', telp: '081234567890', createdAt: created }
  const changes = [
    { nama_lengkap: 'Dermawan Saputra Updated' },
    { telp: '+62 812 3456 78' },
    { email: 'each.updated@example.com' },
    { email: ' EACH.again@Example.com', telp: '081234567899', nama_lengkap: 'Dermawan' }
  ]
  for (const change of changes) {
    clock.advance(60)
    const response = await updateProfile(kunci, token, change)
    profile = { ...profile, ...change, email: (change.email ?? profile.email).trim().toLowerCase() }
    t.equal(response.statusCode, 200, JSON.stringify(change))
    t.same(response.json(), { success: true, message: 'Profil berhasil diperbarui', data: { ...profile, updatedAt: clock.now.toISOString() } }, JSON.stringify(change))
  }
  const { createdAt, ...user } = profile
  t.same((await verifyToken(kunci, token)).json().data, user)
})

t.test('a field that may not be changed is refused by its name, in the order of the request, and nothing is changed', async t => {
  const token = await registerSignedIn(kunci, 'forbidden@example.com')
  const before = await stored('forbidden@example.com')
  const fields = [
    'password', 'role', 'id', 'isAdmin', 'is_admin', 'email_verified_at', 'disabled_at', 'created_at', 'createdAt', 'outlet_id', 'username', 'name', 'Email',
    'current_password', 'permissions'
  ]
  for (const field of fields) {
    for (const payload of [{ [field]: 'admin' }, { nama_lengkap: 'Maling', [field]: null, telp: '081200000000' }]) {
      const response = await updateProfile(kunci, token, payload)
      t.equal(response.statusCode, 400, field)
      t.same(response.json(), { success: false, message: `Field tidak diizinkan: ${field}` }, field)
    }
  }
  for (const order of [['password', 'role'], ['role', 'password'], fields, fields.toReversed()]) {
    const response = await updateProfile(kunci, token, Object.fromEntries(order.map(field => [field, 'x'])))
    t.equal(response.statusCode, 400)
    t.same(response.json(), { success: false, message: `Field tidak diizinkan: ${order.join(', ')}` })
  }
  const mixed = await updateProfile(kunci, token, { role: 'admin', telp: 'x', password: 'x', email: 'x' })
  t.equal(mixed.statusCode, 400)
  t.same(mixed.json(), {
    success: false,
    message: 'Data input tidak valid',
    errors: ['Format nomor telepon tidak valid', 'Format email tidak valid', 'Field tidak diizinkan: role, password']
  })
  t.same(await stored('forbidden@example.com'), before)
})

t.test('a body without anything to change is refused', async t => {
  const token = await registerSignedIn(kunci, 'empty@example.com')
  const without = await app.inject({ method: 'PATCH', url: `${DONATION}/profile/update`, headers: { authorization: `Bearer ${token}` } })
  for (const response of [await updateProfile(kunci, token, {}), without]) {
    t.equal(response.statusCode, 400)
    t.same(response.json(), { success: false, message: 'Tidak ada data yang diubah' })
  }
})

t.test('a malformed value is refused, and what stands beside it is not taken', async t => {
  const token = await registerSignedIn(kunci, 'malformed@example.com')
  const before = await stored('malformed@example.com')
  const cases: Array<[Record<string, unknown>, object]> = [
    [{ email: 'dermawan' }, { message: 'Format email tidak valid' }],
    [{ nama_lengkap: 'Maling', email: 'a@b.example\nBcc: c@d.example' }, { message: 'Format email tidak valid' }],
    [{ email: 'dermäwan@example.com' }, { message: 'Format email tidak valid' }],
    [{ nama_lengkap: 'Maling', telp: '12' }, { message: 'Format nomor telepon tidak valid' }],
    [{ nama_lengkap: 'D'.repeat(101) }, { message: 'Nama lengkap harus 1 sampai 100 karakter' }],
    [{ nama_lengkap: '\u0007' }, { message: 'Nama lengkap harus 1 sampai 100 karakter' }],
    [{ nama_lengkap: 'D\ud800' }, { message: 'Nama lengkap mengandung karakter yang tidak valid' }],
    [{ nama_lengkap: null }, { message: 'Nama lengkap harus berupa teks' }],
    [{ telp: 81234567890 }, { message: 'Nomor telepon harus berupa teks' }],
    [{ email: ['x@example.com'] }, { message: 'Email harus berupa teks' }],
    [{ nama_lengkap: '', telp: '081200000000' }, { message: 'Data input tidak lengkap', errors: ['Nama lengkap harus diisi'] }],
    [{ email: '', telp: '' }, { message: 'Data input tidak lengkap', errors: ['Nomor telepon harus diisi', 'Email harus diisi'] }]
  ]
  for (const [payload, refusal] of cases) {
    const response = await updateProfile(kunci, token, payload)
    t.equal(response.statusCode, 400, JSON.stringify(payload))
    t.same(response.json(), { success: false, ...refusal }, JSON.stringify(payload))
  }
  t.same(await stored('malformed@example.com'), before)
})

t.test('names up to 100 characters are taken', async t => {
  const token = await registerSignedIn(kunci, 'names@example.com')
  for (const name of ['D', 'D'.repeat(100), '🌾'.repeat(100), "Siti Nur'aini binti H. Ma\u2019ruf"]) {
    const response = await updateProfile(kunci, token, { nama_lengkap: name })
    t.equal(response.statusCode, 200)
    t.equal(response.json().data.nama_lengkap, name)
  }
})

t.test('who is not signed in changes nothing', async t => {
  const payload = { nama_lengkap: 'Maling' }
  const without = await app.inject({ method: 'PATCH', url: `${DONATION}/profile/update`, payload })
  t.equal(without.statusCode, 401)
  t.same(without.json(), REQUIRED)
  const bad = await updateProfile(kunci, 'bad', payload)
  t.equal(bad.statusCode, 401)
  t.same(bad.json(), BAD_TOKEN)
})
