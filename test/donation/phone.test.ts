import t from 'tap'
import { build } from '../helper.js'
import { CONTRACTS, register, registerSignedIn, updateProfile, verifyToken } from './client.js'

const MALFORMED = { success: false, message: 'Format nomor telepon tidak valid' }

const taken = [
  '081234567890', '+6281234567890', '62 812 3456 789', '+62812-3456-789', '0812-3456-7890', '0812.3456.7890', '(021) 555-0123', '0800 1 234 567', '1234567',
  '00628123456789', '+15551234567', '+60123456789', '0812345678x12', '０８１２３４５６７８９０'
]

const refused: Record<string, string> = {
  'an emergency number': '112',
  'too few digits': '08123',
  'too many digits for its country': '+15551234567890',
  'no number': 'abc',
  'a letter after it': '08123456789a',
  'a word before it': 'telp 0812345678',
  'a plus alone': '+',
  'two pluses': '++62812345678',
  'a country code that nobody has': '+999123456789',
  'a line break': '0812345678\n',
  'a tab': '\t0812345678',
  'a URI': 'tel:0812345678',
  'white space': ' ',
  '16 characters of a possible number': '+62812-3456-7890',
  '16 digits': '0812345678901234',
  'a hundred digits': '1'.repeat(100)
}

t.test('a number that may be one is taken and given back as it was sent', async t => {
  const kunci = await build(t, { CONTRACTS })
  const token = await registerSignedIn(kunci)
  for (const [index, telp] of taken.entries()) {
    const response = await register(kunci, { email: `telp${index}@example.com`, telp })
    t.equal(response.statusCode, 201, telp)
    t.equal(response.json().data.telp, telp)
    const updated = await updateProfile(kunci, token, { telp })
    t.equal(updated.statusCode, 200, telp)
    t.equal(updated.json().data.telp, telp)
    t.equal((await verifyToken(kunci, token)).json().data.telp, telp)
  }
})

t.test('a number that can be none, or of more than 15 characters, is refused', async t => {
  const kunci = await build(t, { CONTRACTS })
  const token = await registerSignedIn(kunci)
  for (const [name, telp] of Object.entries(refused)) {
    const response = await register(kunci, { email: 'telp@example.com', telp })
    t.equal(response.statusCode, 400, name)
    t.same(response.json(), MALFORMED, name)
    const updated = await updateProfile(kunci, token, { telp })
    t.equal(updated.statusCode, 400, name)
    t.same(updated.json(), MALFORMED, name)
  }
  t.same(await kunci.sql`select phone from users`, [{ phone: '081234567890' }])
})

t.test('a number without a country code is dialled where PHONE_REGION says', async t => {
  const kunci = await build(t, { CONTRACTS, PHONE_REGION: 'MY' })
  for (const [index, telp] of ['0123456789', '03-2161 0000', '+60123456789', '+6281234567890'].entries()) {
    const response = await register(kunci, { email: `telp${index}@example.com`, telp })
    t.equal(response.statusCode, 201, telp)
    t.equal(response.json().data.telp, telp)
  }
  for (const telp of ['081234567890', '0812-3456-7890', '1234567']) {
    const response = await register(kunci, { email: 'jakarta@example.com', telp })
    t.equal(response.statusCode, 400, telp)
    t.same(response.json(), MALFORMED, telp)
  }
})
