import t from 'tap'
import { build } from '../helper.js'
import { importFile, jsonLines, signIn } from './client.js'

const kunci = await build(t)

async function imported (email: string, passwordHash: string): Promise<void> {
  t.equal((await importFile(kunci, jsonLines({ email, password_hash: passwordHash, email_verified: true }))).code, 0)
}

/** 90 bytes, of which bcrypt by libxcrypt read 72. */
const LONG = 'Panjang-sekali-'.repeat(6)
const BCRYPT_OF_LONG = '$2y$05$abcdefghijklmnopqrstuueta5dWUDANxbVIp4awEME2hdWSnNpp6'

t.test('bcrypt compares 72 bytes; what is typed at the first sign-in counts to its last character from then on', async t => {
  await imported('panjang@example.com', BCRYPT_OF_LONG)
  t.equal(await signIn(kunci, 'panjang@example.com', LONG.slice(0, 71)), 401)
  t.equal(await signIn(kunci, 'panjang@example.com', LONG), 200)
  for (const other of [LONG.slice(0, 72), `${LONG}x`, LONG.slice(0, -1)]) t.equal(await signIn(kunci, 'panjang@example.com', other), 401, `${other.length} characters`)
  t.equal(await signIn(kunci, 'panjang@example.com', LONG), 200)
})

t.test('a password with a NUL is not one that begins, or goes on, like it', async t => {
  // Of `a`, as pyca/bcrypt 5.0 writes it.
  await imported('nul@example.com', '$2b$04$rY3QJaRneN.gQY2dyx2wqea0jj/6s1KHzpwmUVmh7sCADj.U3Xgx.')
  for (const wrong of ['a\0', 'a\0a', 'a\0b', '\0a', '\0']) t.not(await signIn(kunci, 'nul@example.com', wrong), 200, JSON.stringify(wrong))
  t.equal(await signIn(kunci, 'nul@example.com', 'a'), 200)
})

t.test('another system\'s hash is of what was typed, letter for letter; ours is of its normal form', async t => {
  // Of full-width digits, as Werkzeug 3.1 writes it.
  await imported('lebar@example.com', 'pbkdf2:sha256:1000$garam$07e83b432fbe59754ed6ea207ca139b5b7bfb9bea50b6808aa10e83e5c0416cb')
  t.equal(await signIn(kunci, 'lebar@example.com', 'rahasia123'), 401)
  t.equal(await signIn(kunci, 'lebar@example.com', 'rahasia１２３'), 200)
  t.equal(await signIn(kunci, 'lebar@example.com', 'rahasia123'), 200)
})

t.test('an overlong password is refused unread, whatever the scheme', async t => {
  await imported('megabyte@example.com', BCRYPT_OF_LONG)
  t.equal(await signIn(kunci, 'megabyte@example.com', LONG + 'x'.repeat(1024)), 401)
  t.equal(await signIn(kunci, 'megabyte@example.com', LONG), 200)
})

t.test('a stored hash of no known scheme, or beyond the bounds, is nobody\'s', async t => {
  await imported('rusak@example.com', BCRYPT_OF_LONG)
  for (const stored of ['', 'x', '$2b$31$abcdefghijklmnopqrstuueta5dWUDANxbVIp4awEME2hdWSnNpp6', '$1$salt$digest', LONG]) {
    await kunci.sql`update users set password_hash = ${stored} where email = 'rusak@example.com'`
    t.equal(await signIn(kunci, 'rusak@example.com', LONG), 401, stored)
  }
})
