import t from 'tap'
import { build } from '../helper.js'
import { CONTRACTS, DONATION, login, PASSWORD, register } from './client.js'

const kunci = await build(t, { CONTRACTS })
const { app, sql } = kunci

const INCOMPLETE = 'Data registrasu akun tidak lengkap'
const INVALID = 'Data input tidak valid'

async function post (payload: object | string) {
  return await app.inject({ method: 'POST', url: `${DONATION}/register`, headers: { 'content-type': 'application/json' }, payload })
}

t.test('what is missing is refused with a sentence each, in the order of the document', async t => {
  const nothing = ['Email harus diisi', 'Password harus diisi', 'Nama lengkap harus diisi', 'Nomor telepon harus diisi']
  const cases: Array<[object, string[]]> = [
    [{}, nothing],
    [{ role: 'user' }, nothing],
    [{ telp: '', nama_lengkap: '', password: '', email: '' }, nothing],
    [{ telp: '081234567890', email: 'dermawan@example.com' }, ['Password harus diisi', 'Nama lengkap harus diisi']],
    [{ nama_lengkap: 'Dermawan', password: PASSWORD }, ['Email harus diisi', 'Nomor telepon harus diisi']],
    [{ role: 'user', telp: '081234567890', nama_lengkap: 'Dermawan', password: PASSWORD }, ['Email harus diisi']]
  ]
  for (const [payload, errors] of cases) {
    const response = await post(payload)
    t.equal(response.statusCode, 400, JSON.stringify(payload))
    t.same(response.json(), { success: false, message: INCOMPLETE, errors }, JSON.stringify(payload))
  }
  const without = await app.inject({ method: 'POST', url: `${DONATION}/register` })
  t.equal(without.statusCode, 400)
  t.same(without.json(), { success: false, message: INCOMPLETE, errors: nothing })
})

t.test('what is missing and what is malformed are refused together, in the order of the document', async t => {
  const response = await post({ x: 1, telp: '12', nama_lengkap: 'Dermawan', email: 'dermawan', id: 1 })
  t.equal(response.statusCode, 400)
  t.same(response.json(), {
    success: false,
    message: INCOMPLETE,
    errors: ['Format email tidak valid', 'Password harus diisi', 'Format nomor telepon tidak valid', 'Field tidak diizinkan: x, id']
  })
})

t.test('a field alone that is malformed is refused by its own sentence', async t => {
  const cases: Array<[Record<string, unknown>, string]> = [
    [{ email: 'dermawan' }, 'Format email tidak valid'],
    [{ email: 'dermawan@example' }, 'Format email tidak valid'],
    [{ email: ' ' }, 'Format email tidak valid'],
    [{ email: `${'a'.repeat(60)}@${'b'.repeat(36)}.com` }, 'Format email tidak valid'],
    [{ email: 'dermawan@example.com\0' }, 'Email mengandung karakter yang tidak valid'],
    [{ password: 'Sumur-7' }, 'Password minimal 8 karakter'],
    [{ password: 'S-7' + '🌾'.repeat(4) }, 'Password minimal 8 karakter'],
    [{ password: 'sumur-07'.repeat(16) + '!' }, 'Password maksimal 128 karakter'],
    [{ password: 'password123' }, 'Password terlalu umum, silahkan pilih yang lain'],
    [{ password: 'IloveYou1' }, 'Password terlalu umum, silahkan pilih yang lain'],
    [{ password: '12345678' }, 'Password terlalu umum, silahkan pilih yang lain'],
    [{ password: 'dermawan123\ud800' }, 'Password mengandung karakter yang tidak valid'],
    [{ nama_lengkap: ' \u3000' }, 'Nama lengkap harus 1 sampai 100 karakter'],
    [{ nama_lengkap: 'D'.repeat(101) }, 'Nama lengkap harus 1 sampai 100 karakter'],
    [{ nama_lengkap: 'Dermawan\nSaputra' }, 'Nama lengkap harus 1 sampai 100 karakter'],
    [{ nama_lengkap: 'Dermawan\u001b[31m' }, 'Nama lengkap harus 1 sampai 100 karakter'],
    [{ nama_lengkap: 'Dermawan\u0085' }, 'Nama lengkap harus 1 sampai 100 karakter'],
    [{ nama_lengkap: 'Derma\0wan' }, 'Nama lengkap mengandung karakter yang tidak valid'],
    [{ telp: '12345' }, 'Format nomor telepon tidak valid'],
    [{ telp: '0812\u0000345678' }, 'Nomor telepon mengandung karakter yang tidak valid'],
    [{ role: 'ketua' }, 'Role tidak valid'],
    [{ role: 'User' }, 'Role tidak valid'],
    [{ role: ' user' }, 'Role tidak valid'],
    [{ role: '2' }, 'Role tidak valid']
  ]
  for (const [fields, message] of cases) {
    const response = await register(kunci, fields)
    t.equal(response.statusCode, 400, JSON.stringify(fields))
    t.same(response.json(), { success: false, message }, JSON.stringify(fields))
  }
})

t.test('several malformed fields are refused together, whatever the order of the request', async t => {
  const response = await post({ telp: 'abc', nama_lengkap: '\t', password: 'kurang', email: 'dermawan@' })
  t.equal(response.statusCode, 400)
  t.same(response.json(), {
    success: false,
    message: INVALID,
    errors: ['Format email tidak valid', 'Password minimal 8 karakter', 'Nama lengkap harus 1 sampai 100 karakter', 'Format nomor telepon tidak valid']
  })
  const pair = await register(kunci, { telp: 'abc', email: 'dermawan' })
  t.equal(pair.statusCode, 400)
  t.same(pair.json(), { success: false, message: INVALID, errors: ['Format email tidak valid', 'Format nomor telepon tidak valid'] })
})

t.test('a value that is no text is refused', async t => {
  const names = { email: 'Email', password: 'Password', nama_lengkap: 'Nama lengkap', telp: 'Nomor telepon', role: 'Role' }
  for (const [field, name] of Object.entries(names)) {
    for (const value of [0, 81234567890, true, false, null, [], ['user'], {}, { $ne: '' }]) {
      const response = await register(kunci, { [field]: value })
      t.equal(response.statusCode, 400, `${field} ${JSON.stringify(value)}`)
      t.same(response.json(), { success: false, message: `${name} harus berupa teks` }, `${field} ${JSON.stringify(value)}`)
    }
  }
})

t.test('a body that is no object is refused', async t => {
  for (const payload of ['[]', '"dermawan"', '1', 'null', 'true']) {
    const response = await post(payload)
    t.equal(response.statusCode, 400, payload)
    t.same(response.json(), { success: false, message: 'Data harus berupa objek JSON' }, payload)
  }
})

t.test('a field that is not known is refused by its name, in the order of the request', async t => {
  const fields = ['isAdmin', 'id', 'email_verified_at', 'permissions', 'name', 'role_id', 'created_at', 'Email', 'password_hash']
  for (const field of fields) {
    const response = await register(kunci, { [field]: true })
    t.equal(response.statusCode, 400, field)
    t.same(response.json(), { success: false, message: `Field tidak diizinkan: ${field}` }, field)
  }
  for (const order of [fields, fields.toReversed()]) {
    const response = await register(kunci, Object.fromEntries(order.map(field => [field, 'x'])))
    t.equal(response.statusCode, 400)
    t.same(response.json(), { success: false, message: `Field tidak diizinkan: ${order.join(', ')}` })
  }
})

t.test('nothing of what was refused has made an account', async t => {
  t.same(await sql`select email from users`, [])
})

t.test('names and passwords up to their limits are taken', async t => {
  const cases: Array<[string, Record<string, string>]> = [
    ['seratus', { nama_lengkap: 'D'.repeat(100) }],
    ['seratus.lebar', { nama_lengkap: '🌾'.repeat(100) }],
    ['satu', { nama_lengkap: 'D' }],
    ['aksara', { nama_lengkap: 'ꦢꦺꦂꦩꦮꦤ꧀ O\u2019Brien, S.Kom.' }],
    ['delapan', { password: 'sumur-07' }],
    ['banyak', { password: 'sumur-07'.repeat(16) }],
    ['spasi', { password: ' sumur dalam ' }]
  ]
  for (const [local, fields] of cases) {
    const email = `${local}@example.com`
    const response = await register(kunci, { email, ...fields })
    t.equal(response.statusCode, 201, local)
    t.equal(response.json().data.nama_lengkap, fields['nama_lengkap'] ?? 'Dermawan Saputra', local)
    t.type(await login(kunci, email, fields['password'] ?? PASSWORD), 'string', local)
  }
})
