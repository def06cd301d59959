import fc from 'fast-check'
import t from 'tap'
import { isUsername } from '../../src/domain/username.js'

const good = ['jefli jonathan', 'username123', 'abc', '123', 'a.b', '...', '---', '___', 'A B C', 'siti_dewi-01.x', 'a'.repeat(50), `${'a'.repeat(24)} ${'b'.repeat(25)}`, 'constructor', '__proto__', 'admin']

const bad = [
  '', 'a', 'ab', 'a'.repeat(51), 'a'.repeat(10_000), `${'a '.repeat(5000)}`, `${'a '.repeat(24)}!`,
  ' siti', 'siti ', ' siti ', 'siti  dewi', '   ', ' a ', 'siti\tdewi', 'siti\n', '\nsiti', 'siti\ndewi', 'siti\r', 'siti\u00a0dewi', 'siti\u3000dewi', 'siti\u2028',
  'sitï', 'ѕiti', 'ｓiti', '密码密码', '😀😀😀', 'siti\u200b', 'siti\u0301', '\u202esiti', 'siti\0', '\ud800siti',
  'siti/dewi', 'siti\\dewi', 'siti@example.com', 'siti+dewi', 'siti:dewi', 'siti,dewi', "siti'", '"siti"', '<siti>', 'siti!', 'siti%20', 'siti&dewi', '$siti', 'siti=1', '(siti)', '*siti*', '~siti'
]

/** A name for an assertion: TAP takes one line, and U+2028 ends a line as well. */
function shown (text: string): string {
  return JSON.stringify(text.slice(0, 60)).replaceAll(/[^ -~]/g, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

t.test('a username is 3 to 50 plain characters with single spaces between', async t => {
  for (const text of good) t.equal(isUsername(text), true, shown(text))
  for (const text of bad) t.equal(isUsername(text), false, shown(text))
})

t.test('every character of ASCII but letters, digits, dot, underscore, hyphen and space is refused', async t => {
  const taken = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).filter(character => isUsername(`a${character}b`)).join('')
  t.equal(taken, ' -.0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz')
})

t.test('any text is judged, without a throw', async t => {
  const pieces = fc.array(fc.constantFrom('a', 'Z', '0', '.', '_', '-', ' ', '  ', '\n', 'é', '@'), { maxLength: 60 }).map(parts => parts.join(''))
  const plain = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-'
  fc.assert(fc.property(fc.oneof(pieces, fc.string({ unit: 'binary' }), fc.stringMatching(/^[\w.-]{1,8}(?: [\w.-]{1,8}){0,6}$/)), text => {
    // The rule once more, word by word.
    const words = text.split(' ')
    const fits = text.length >= 3 && text.length <= 50 && words.every(word => word !== '' && [...word].every(character => plain.includes(character)))
    return isUsername(text) === fits
  }), { numRuns: 2000 })
  t.pass()
})
