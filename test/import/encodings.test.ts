import t from 'tap'
import { build } from '../helper.js'
import { hashOf, importFile, jsonLines, signIn } from './client.js'
import { encodings } from './encodings.js'

const OURS = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/

const kunci = await build(t)
const email = (place: number) => `orang${place}@example.com`

t.test('a file of every encoding is imported whole', async t => {
  const file = jsonLines(...encodings.map(({ hash }, place) => ({ email: email(place), password_hash: hash, email_verified: true })))
  t.same(await importFile(kunci, file), { code: 0, out: `${encodings.length} accounts imported\n`, err: '' })
})

for (const [place, { origin, password }] of encodings.entries()) {
  t.test(`${origin}: signs in with its password alone, and from then on by a hash of ours`, async t => {
    const imported = await hashOf(kunci, email(place))
    t.notMatch(imported, /^\$argon2id/, 'is told from ours')
    for (const wrong of [`${password} `, password.slice(1)]) t.equal(await signIn(kunci, email(place), wrong), 401, wrong)
    t.equal(await hashOf(kunci, email(place)), imported, 'a wrong password renews nothing')

    t.equal(await signIn(kunci, email(place), password), 200)
    const renewed = await hashOf(kunci, email(place))
    t.match(renewed, OURS)
    t.equal(await signIn(kunci, email(place), password), 200)
    t.equal(await signIn(kunci, email(place), `${password} `), 401)
    t.equal(await hashOf(kunci, email(place)), renewed, 'ours stays')
  })
}

t.test('an account without a hash has no password until its owner resets it', async t => {
  t.equal((await importFile(kunci, jsonLines({ email: 'tanpa@example.com', email_verified: true }))).code, 0)
  for (const password of ['', 'null', 'undefined', 'Password123!']) t.not(await signIn(kunci, 'tanpa@example.com', password), 200)
  t.equal(await hashOf(kunci, 'tanpa@example.com'), null)
})
