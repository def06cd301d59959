import t from 'tap'
import { build } from '../helper.js'
import { importFile } from './client.js'

const kunci = await build(t)

const DIGEST = { hex: '00'.repeat(32), base64: Buffer.alloc(32).toString('base64'), long: Buffer.alloc(64).toString('base64') }
const bcrypt = (cost: number) => `$2b$${String(cost).padStart(2, '0')}$abcdefghijklmnopqrstuueta5dWUDANxbVIp4awEME2hdWSnNpp6`
const argon2 = (m: number, t: number, p: number) => `$argon2id$v=19$m=${m},t=${t},p=${p}$c29tZXNhbHQ$${DIGEST.base64}`
const scrypt = (N: number, r: number, p: number) => `scrypt:${N}:${r}:${p}$salt$${DIGEST.hex}`

async function lookAt (hashes: readonly string[]): Promise<{ code: number | null, said: string[] }> {
  const file = hashes.map((hash, place) => `${JSON.stringify({ email: `a${place}@example.com`, password_hash: hash })}\n`).join('')
  const { code, err } = await importFile(kunci, file, { args: ['--dry-run'] })
  return { code, said: err.split('\n').slice(0, -2) }
}

t.test('hashes up to the bounds are taken', async t => {
  t.same(await lookAt([
    bcrypt(4), bcrypt(14),
    argon2(262_144, 4, 1), argon2(16_384, 64, 64), argon2(8, 131_072, 1),
    scrypt(2 ** 18, 8, 1), scrypt(2 ** 14, 8, 16), `$scrypt$ln=18,r=8,p=1$c2FsdA$${DIGEST.base64}`,
    `pbkdf2_sha256$2000000$salt$${DIGEST.base64}`, `$pbkdf2-sha512$2000000$c2FsdA$${DIGEST.long}`, `$pbkdf2-sha256$i=600000,l=32$c2FsdA$${DIGEST.base64}`, `$pbkdf2-sha256$1000000$c2FsdA$${DIGEST.long}`
  ]), { code: 0, said: [] })
})

const dear = {
  'bcrypt: cost to 14': [bcrypt(15), bcrypt(31), `bcrypt$${bcrypt(20)}`],
  'Argon2: m to 262144, m times t to 1048576, p to 64': [argon2(262_145, 1, 1), argon2(262_144, 5, 1), argon2(8, 131_073, 1), argon2(99_999_999, 99_999_999, 1), argon2(1024, 1, 65)],
  'scrypt: N times r times p to 2097152, r to 64, p to 16': [scrypt(2 ** 18, 16, 1), scrypt(2 ** 21, 1, 2), scrypt(2, 8, 17), scrypt(2, 65, 1), `$scrypt$ln=63,r=8,p=1$c2FsdA$${DIGEST.base64}`, `scrypt$4194304$salt$8$1$${DIGEST.base64}`,
    `$fbscrypt$v=1,n=30,r=8,p=1,ss=Bw==,sk=${DIGEST.base64}$c2FsdA$${DIGEST.base64}`],
  'PBKDF2: 2000000 rounds, over all blocks of the digest': [`pbkdf2_sha256$2000001$salt$${DIGEST.base64}`, `$pbkdf2-sha256$1000001$c2FsdA$${DIGEST.long}`, `pbkdf2:sha1:1500000$salt$${DIGEST.hex}`, `$pbkdf2-sha512$9999999999$c2FsdA$${DIGEST.long}`]
}

for (const [bound, hashes] of Object.entries(dear)) {
  t.test(`a hash beyond the bound is refused with its line (${bound})`, async t => {
    t.same(await lookAt(hashes), { code: 1, said: hashes.map((_, place) => `line ${place + 1}: password_hash takes more than a sign-in may (${bound})`) })
  })
}

t.test('what is no hash, or one that chance could meet, is refused', async t => {
  const none = [
    '', 'rahasia', '5f4dcc3b5aa765d61d8327deb882cf99', '{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=', '$1$salt$qJH7.N4xYta3aEG/dfqo/0', '$6$salt$x', '$2$05$abcdefghijklmnopqrstuueta5dWUDANxbVIp4awEME2hdWSnNpp6',
    '$2x$05$abcdefghijklmnopqrstuueta5dWUDANxbVIp4awEME2hdWSnNpp6', '$2b$05$abcdefghijklmnopqrstuueta5dWUDANxbVIp4awEME2hdWSnNpp', '$2b$05$abcdefghijklmnopqrstuveta5dWUDANxbVIp4awEME2hdWSnNpp6', bcrypt(3), bcrypt(0), `${bcrypt(10)} `, `\n${bcrypt(10)}`,
    argon2(0, 1, 1), argon2(8, 0, 1), argon2(8, 1, 0), argon2(15, 1, 2), '$argon2id$v=19$m=1024,t=2,p=2$c29tZXNhbHQ$', '$argon2id$v=19$m=1024,t=2,p=2$c2FsdA$' + DIGEST.base64, '$argon2id$v=18$m=1024,t=2,p=2$c29tZXNhbHQ$' + DIGEST.base64, '$argon2id$v=19$m=1024,t=2,p=2$c29tZXNhbHQ$AAAA',
    scrypt(1, 8, 1), scrypt(3, 8, 1), scrypt(1000, 8, 1), scrypt(1024, 0, 1), scrypt(1024, 8, 0), 'scrypt:1024:8:1$salt$00', 'scrypt:1024:8:1$$' + DIGEST.hex, 'scrypt:1024:8:1$salt$' + DIGEST.hex.slice(1),
    'pbkdf2_sha256$0$salt$' + DIGEST.base64, 'pbkdf2_sha256$-1$salt$' + DIGEST.base64, 'pbkdf2_md5$1000$salt$' + DIGEST.base64, 'pbkdf2_sha256$1000$$' + DIGEST.base64, 'pbkdf2_sha256$1000$salt$', 'pbkdf2_sha256$1000$salt$AAAA', 'pbkdf2:sha256$salt$' + DIGEST.hex,
    `$pbkdf2-sha256$1000$c2FsdA$${Buffer.alloc(129).toString('base64')}`, `$fbscrypt$v=1,n=14,r=8,p=1,ss=Bw==,sk=AAAA$c2FsdA$${DIGEST.base64}`, `${bcrypt(10)}${'x'.repeat(2000)}`
  ]
  t.same(await lookAt(none), { code: 1, said: none.map((_, place) => `line ${place + 1}: password_hash is in no known encoding`) })
})
