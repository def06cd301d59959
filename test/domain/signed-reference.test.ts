import fc from 'fast-check'
import t from 'tap'
import { createReferenceSigner, type Purpose, type Reference } from '../../src/domain/signed-reference.js'

const FIRST = 'the first secret, which has more than 32 bytes'
const SECOND = 'the second secret, which has more than 32 bytes'

const signer = createReferenceSigner([FIRST])
const reference: Reference = { accountId: '550e8400-e29b-41d4-a716-446655440000', rowId: '0198b0f0-1234-7abc-8def-0123456789ab', counter: 7 }
const text = signer.sign('verify-email', reference)

const purposes = fc.oneof(
  fc.constantFrom<Purpose>('verify-email', 'reset-password', 'device'),
  fc.constantFrom('outlet', 'member', 'console', 'signin').map(contract => `refresh:${contract}` as const))
const references: fc.Arbitrary<Reference> = fc.record({ accountId: fc.uuid(), rowId: fc.uuid(), counter: fc.nat(0xffff_ffff) })

t.test('what is signed is read back, for every reference and purpose', async t => {
  fc.assert(fc.property(purposes, references, (purpose, signed) => {
    const token = signer.sign(purpose, signed)
    t.match(token, /^[\w-]{98}$/)
    t.same(signer.read(purpose, token), signed)
  }))
  for (const counter of [0, 1, 255, 256, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff]) {
    t.same(signer.read('reset-password', signer.sign('reset-password', { ...reference, counter })), { ...reference, counter })
  }
})

t.test('the same reference gives the same text, and another another', async t => {
  t.equal(signer.sign('verify-email', { ...reference }), text)
  t.equal(createReferenceSigner([FIRST]).sign('verify-email', reference), text)
  const others = [
    signer.sign('reset-password', reference),
    signer.sign('verify-email', { ...reference, counter: 8 }),
    signer.sign('verify-email', { ...reference, rowId: reference.accountId }),
    signer.sign('verify-email', { ...reference, accountId: reference.rowId }),
    createReferenceSigner([SECOND]).sign('verify-email', reference)
  ]
  t.equal(new Set([text, ...others]).size, 6)
})

t.test('a text with any one character changed is refused', async t => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= .\n\u0000é'
  const accepted: string[] = []
  for (let at = 0; at < text.length; at++) {
    for (const character of alphabet) {
      const changed = text.slice(0, at) + character + text.slice(at + 1)
      if (changed !== text && signer.read('verify-email', changed) !== undefined) accepted.push(`${character} at ${at}`)
    }
  }
  t.same(accepted, [])
})

t.test('a text with any one bit changed is refused', async t => {
  const bytes = Buffer.from(text, 'base64url')
  const accepted: number[] = []
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const changed = Buffer.from(bytes)
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    if (signer.read('verify-email', changed.toString('base64url')) !== undefined) accepted.push(bit)
  }
  t.same(accepted, [])
})

t.test('only the text that was given out is read', async t => {
  const texts: Record<string, string> = {
    'with padding': `${text}=`,
    'with more padding': `${text}==`,
    'with a space before it': ` ${text}`,
    'with a space after it': `${text} `,
    'with a line break after it': `${text}\n`,
    'with a line break in it': `${text.slice(0, 49)}\n${text.slice(49)}`,
    'with something after it': `${text}A`,
    'with something before it': `A${text}`,
    twice: text + text,
    'in other case': text.toLowerCase(),
    backwards: [...text].reverse().join(''),
    'in quotation marks': `"${text}"`,
    'in hexadecimal': Buffer.from(text, 'base64url').toString('hex'),
    nothing: '',
    'as many of one character': 'A'.repeat(98),
    'a megabyte': 'A'.repeat(2 ** 20)
  }
  for (const [name, changed] of Object.entries(texts)) t.equal(signer.read('verify-email', changed), undefined, name)
  for (let length = 0; length < text.length; length++) {
    t.equal(signer.read('verify-email', text.slice(0, length)), undefined, `its first ${length} characters`)
    t.equal(signer.read('verify-email', text.slice(text.length - length)), undefined, `its last ${length} characters`)
  }

  // Plain base64 of the same bytes, for a reference whose text has what differs there.
  const other = Array.from({ length: 100 }, (_, counter) => signer.sign('verify-email', { ...reference, counter })).find(token => /[-_]/.test(token)) ?? ''
  t.not(signer.read('verify-email', other), undefined)
  t.equal(signer.read('verify-email', other.replaceAll('-', '+').replaceAll('_', '/')), undefined)
})

t.test('whatever was not signed is refused, without a throw', async t => {
  const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.base64String({ minLength: 90, maxLength: 110 }), fc.stringMatching(/^[\w-]{98}$/))
  fc.assert(fc.property(purposes, texts, (purpose, forged) => signer.read(purpose, forged) === undefined))
  t.pass()
})

t.test('a token of one purpose is worth nothing for another', async t => {
  const all: Purpose[] = ['verify-email', 'reset-password', 'restore-email', 'device', 'recovery:member', 'refresh:outlet', 'refresh:member', 'refresh:outle', 'refresh:']
  for (const signed of all) {
    const token = signer.sign(signed, reference)
    for (const read of all) t.same(signer.read(read, token), signed === read ? reference : undefined, `${signed} as ${read}`)
  }
})

t.test('a token of another secret is refused', async t => {
  const other = createReferenceSigner([SECOND])
  t.equal(other.read('verify-email', text), undefined)
  t.equal(signer.read('verify-email', other.sign('verify-email', reference)), undefined)
  t.equal(createReferenceSigner([`${FIRST} `]).read('verify-email', text), undefined)

  // The parts of two tokens do not make a third, and the name of a key does not make it good.
  const foreign = Buffer.from(other.sign('verify-email', reference), 'base64url')
  const own = Buffer.from(text, 'base64url')
  const renamed = Buffer.concat([own.subarray(0, 5), foreign.subarray(5)])
  t.equal(signer.read('verify-email', renamed.toString('base64url')), undefined)
  const next = Buffer.from(signer.sign('verify-email', { ...reference, counter: 8 }), 'base64url')
  t.equal(signer.read('verify-email', Buffer.concat([next.subarray(0, 41), own.subarray(41)]).toString('base64url')), undefined)
})

t.test('of several secrets the first signs and all verify', async t => {
  const old = createReferenceSigner([FIRST])
  const rotated = createReferenceSigner([SECOND, FIRST])
  const later = createReferenceSigner([SECOND])
  const signed = rotated.sign('refresh:outlet', reference)

  t.same(rotated.read('refresh:outlet', old.sign('refresh:outlet', reference)), reference, 'the old secret verifies')
  t.same(rotated.read('refresh:outlet', signed), reference)
  t.equal(signed, later.sign('refresh:outlet', reference), 'the first secret signs')
  t.equal(old.read('refresh:outlet', signed), undefined)
  t.equal(later.read('refresh:outlet', old.sign('refresh:outlet', reference)), undefined, 'a secret that was taken off the list verifies nothing')
})
