import fc from 'fast-check'
import t from 'tap'
import { normaliseEmail, requireEmail } from '../../src/domain/email-address.js'

const label = 'a'.repeat(63)

/** Each address beside the form in which it is stored. */
const good: Record<string, string> = {
  'siti@example.com': 'siti@example.com',
  'Siti.Dewi@Example.COM': 'siti.dewi@example.com',
  '  siti@example.com': 'siti@example.com',
  'siti@example.com\r\n': 'siti@example.com',
  '\u00a0siti@example.com\u3000': 'siti@example.com',
  'a@b.co': 'a@b.co',
  '1@2.id': '1@2.id',
  'siti+outlet@example.com': 'siti+outlet@example.com',
  'siti_dewi-01@mail.example.co.id': 'siti_dewi-01@mail.example.co.id',
  "o'brien@example.com": "o'brien@example.com",
  '!#$%&*+/=?^_`{|}~-@example.com': '!#$%&*+/=?^_`{|}~-@example.com',
  'siti@xn--bcher-kva.example': 'siti@xn--bcher-kva.example',
  'siti@example.xn--p1ai': 'siti@example.xn--p1ai',
  'siti@3com.example': 'siti@3com.example',
  'siti@a-b--c.example': 'siti@a-b--c.example',
  [`siti@${label}.example`]: `siti@${label}.example`,
  [`${'a'.repeat(64)}@${'b'.repeat(31)}.com`]: `${'a'.repeat(64)}@${'b'.repeat(31)}.com`,
  [`  ${'a'.repeat(50)}@${'b'.repeat(45)}.com  `]: `${'a'.repeat(50)}@${'b'.repeat(45)}.com`
}

const bad = [
  '', ' ', '@', 'siti', 'siti@', '@example.com', 'siti.example.com', 'siti@@example.com', 'siti@dewi@example.com',
  'siti@example', 'siti@localhost', 'siti@.com', 'siti@example.', 'siti@example.com.', 'siti@example..com', 'siti@.example.com',
  '.siti@example.com', 'siti.@example.com', 'siti..dewi@example.com',
  'siti@-example.com', 'siti@example-.com', 'siti@exa_mple.com', 'siti@example.c0m!', 'siti@example.123', 'siti@127.0.0.1', 'siti@[127.0.0.1]', 'siti@[IPv6:::1]',
  'siti dewi@example.com', 'siti @example.com', 'siti@ example.com', 'siti@example .com', 'siti\t@example.com', 'siti@exam\nple.com', 'siti@example.com\n\nx',
  'siti@example.com, dewi@example.com', 'siti@example.com;dewi@example.com', 'siti@example.com dewi@example.com', 'siti@example.com\r\nBcc: dewi@example.com',
  'Siti <siti@example.com>', '<siti@example.com>', 'mailto:siti@example.com', '"siti dewi"@example.com', '"siti"@example.com', 'siti(dewi)@example.com', 'siti@example.com(dewi)',
  'siti\\@example.com', 'siti,dewi@example.com', 'siti:dewi@example.com', '[siti]@example.com',
  'sïti@example.com', 'siti@exämple.com', '密@example.com', 'siti@例え.jp', 'siti@example。com', 'ｓiti@example.com', '😀@example.com',
  // Letters that fold into ASCII: the Kelvin sign, the dotted I, the long s.
  'iti\u212a@example.com', 'S\u0130TI@example.com', '\u017fiti@example.com', 'siti@example.com\u200b', '\ufeff\u200bsiti@example.com', 'siti\u00ad@example.com',
  'siti\0@example.com', 'siti@example.com\0', '\ud800@example.com', 'siti\x7f@example.com', '\u202esiti@example.com',
  `${'a'.repeat(65)}@example.com`, `siti@${label}a.example`, `siti@example.${label}a`,
  `${'a'.repeat(50)}@${'b'.repeat(46)}.com`
]

t.test('an address is brought into one form', async t => {
  for (const [text, stored] of Object.entries(good)) {
    t.equal(normaliseEmail(text), stored, JSON.stringify(text))
    t.equal(requireEmail(text), stored)
  }
})

t.test('an address has at most 100 characters, the space around it not counted', async t => {
  const sized = (length: number) => `${'a'.repeat(50)}@${'b'.repeat(length - 55)}.com`
  t.equal(sized(100).length, 100)
  t.equal(normaliseEmail(sized(100)), sized(100))
  t.equal(normaliseEmail(` ${sized(100)} `), sized(100))
  t.equal(normaliseEmail(sized(101)), undefined)
})

t.test('whatever else is no address', async t => {
  for (const text of bad) {
    t.equal(normaliseEmail(text), undefined, JSON.stringify(text))
    t.throws(() => requireEmail(text), { code: 'invalid_input', issues: [{ field: 'email', rule: 'email' }] })
  }
})

t.test('what is made to be slow is refused', async t => {
  const hostile = [
    `a@${'a.'.repeat(5000)}`, `a@${'a.'.repeat(49)}`, `a@${'a.'.repeat(45)}!`, `${'a.'.repeat(5000)}@b.co`, `${'a.'.repeat(45)}@b.co`, `${'a'.repeat(10_000)}@b.co`, '@'.repeat(10_000), `a@${'-'.repeat(10_000)}.co`,
    `a@${'a-'.repeat(47)}`, `a@${'a-'.repeat(30)}.${'b-'.repeat(15)}`, `a@${'a'.repeat(95)}`, `${'!'.repeat(99)}`, `a@b.c${'\n'.repeat(10_000)}d`, `${' '.repeat(10_000)}a`, `${'a@a.'.repeat(2500)}`, `\u0130${'a'.repeat(10_000)}@b.co`
  ]
  for (const text of hostile) t.equal(normaliseEmail(text), undefined, text.slice(0, 40))
})

t.test('any text is judged, without a throw, and a stored form is its own', async t => {
  const pieces = fc.array(fc.constantFrom('a', 'B', '9', '.', '-', '_', '+', '@', ' ', '\n', 'é', '\u212a', '\0', '\ud800', 'example', '.com'), { maxLength: 30 }).map(parts => parts.join(''))
  const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.emailAddress(), pieces, fc.tuple(pieces, pieces).map(([local, domain]) => `${local}@${domain}`))
  fc.assert(fc.property(texts, text => {
    const email = normaliseEmail(text)
    if (email === undefined) return true
    return email === text.trim().toLowerCase() && normaliseEmail(email) === email && normaliseEmail(` ${email.toUpperCase()} `) === email &&
      email.length <= 100 && /^[\x21-\x7e]+$/.test(email) && email.split('@').length === 2
  }), { numRuns: 2000 })
  t.pass()
})

t.test('every plain address is taken', async t => {
  const atom = fc.stringMatching(/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,10}$/)
  const hostLabel = fc.stringMatching(/^[A-Za-z0-9](?:[A-Za-z0-9-]{0,6}[A-Za-z0-9])?$/)
  const top = fc.stringMatching(/^[A-Za-z]{2,6}$/)
  const plain = fc.tuple(fc.array(atom, { minLength: 1, maxLength: 3 }), fc.array(hostLabel, { minLength: 1, maxLength: 3 }), top)
    .map(([local, host, end]) => `${local.join('.')}@${[...host, end].join('.')}`)
  fc.assert(fc.property(plain, text => normaliseEmail(text) === text.toLowerCase()), { numRuns: 500 })
  t.pass()
})
