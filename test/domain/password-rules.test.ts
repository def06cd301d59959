import fc from 'fast-check'
import t from 'tap'
import { type CharacterKind, normalisePassword, passwordIssues, type PasswordRule } from '../../src/domain/password-rules.js'

const outlet: PasswordRule = { needs: ['letter', 'digit', 'symbol'], refusesCommon: true }
const lenient: PasswordRule = { needs: [], refusesCommon: true }
const unlisted: PasswordRule = { needs: [], refusesCommon: false }

t.test('a password has 8 to 128 characters', async t => {
  const lengths: Array<[number, string[]]> = [
    [0, ['too_short']], [1, ['too_short']], [7, ['too_short']], [8, []], [9, []], [72, []], [73, []], [127, []], [128, []], [129, ['too_long']], [1000, ['too_long']]
  ]
  for (const [length, broken] of lengths) {
    t.same(passwordIssues('x'.repeat(length), unlisted), broken, `${length} letters`)
    t.same(passwordIssues('😀'.repeat(length), unlisted), broken, `${length} characters beyond the first plane`)
    t.same(passwordIssues('é'.normalize('NFD').repeat(length), unlisted), broken, `${length} letters with their accents apart`)
  }
})

t.test('each kind of character that is needed is asked for, in order', async t => {
  const cases: Array<[string, string[]]> = [
    ['Rumah-07', []],
    ['kopi susu 7', []],
    ['пароль-12', []],
    ['密码密码密码-7', []],
    ['sandi٣٤-kata', []],
    ['sandi７！kata', []],
    ['x😀1x😀1x😀1', []],
    ['abcdefgh', ['no_digit', 'no_symbol']],
    ['abcdefg1', ['no_symbol']],
    ['abcdefg!', ['no_digit']],
    ['1234567!', ['no_letter']],
    ['12345678', ['no_letter', 'no_symbol']],
    ['!!!!!!!!', ['no_letter', 'no_digit']],
    ['        ', ['no_letter', 'no_digit']],
    ['Rumah 7'.slice(0, 6), ['too_short', 'no_digit']],
    ['', ['too_short', 'no_letter', 'no_digit', 'no_symbol']],
    ['e\u0301tudes12', ['no_symbol']]
  ]
  for (const [password, broken] of cases) t.same(passwordIssues(password, outlet), broken, JSON.stringify(password))

  const kinds: CharacterKind[] = ['letter', 'digit', 'symbol']
  for (const kind of kinds) {
    for (const [password, has] of [['kkkkkkkkk', 'letter'], ['794613825', 'digit'], ['?!.,;:-_#', 'symbol']] as const) {
      t.same(passwordIssues(password, { needs: [kind], refusesCommon: false }), kind === has ? [] : [`no_${kind}`], `${password} needs a ${kind}`)
    }
  }
})

t.test('the commonest passwords are refused where the list is on, whatever the case of their letters', async t => {
  for (const password of ['password', 'Password1', '12345678', '1234567890', 'qwertyuiop', 'QWERTY123', 'iloveyou', 'Sunshine', 'superman', 'football', 'baseball', 'trustno1', 'password123', '11111111', '1q2w3e4r']) {
    t.same(passwordIssues(password, lenient), ['common'], password)
    t.same(passwordIssues(password, unlisted), [], `${password} where the list is off`)
  }
  for (const password of ['kunci rumah saya', 'correct horse battery staple', 'Tiga-Ekor-Kucing', 'xK9#mP2$vL5']) t.same(passwordIssues(password, lenient), [], password)
})

t.test('the commonest passwords of a letter, a digit and a symbol are refused', async t => {
  const notorious = [
    'P@ssw0rd', 'P@ssw0rd1', 'P@ssw0rd123', 'P@ssword1', 'Pa$$w0rd', 'Passw0rd!', 'Password1!', 'Password@1', 'Password@123', 'Pass@123', 'Pass@1234',
    'Admin@123', 'Admin123!', 'Test@123', 'Test1234!', 'Welcome1!', 'Welcome@123', 'Changeme1!', 'Letmein1!', 'Secret123!',
    'Qwerty1!', 'Qwerty123!', 'Qwerty@123', '1qaz@WSX', '!QAZ2wsx', '1qaz!QAZ', 'Abc@1234', 'Abcd@1234', 'Abc123!@#', 'Aa@123456', 'Aa123456!', 'Qwe123!@#', '1q2w3e4r!',
    'Iloveyou1!', 'Monkey123!', 'Dragon123!', 'Master123!', 'India@123', 'Indonesia1!', 'Summer2024!'
  ]
  for (const password of notorious) t.same(passwordIssues(password, outlet), ['common'], password)
})

/** Words of well-known lists of the worst passwords, as people write them before they are asked for a digit and a symbol. */
const words = `
  password qwerty dragon monkey letmein baseball football shadow master superman michael jordan harley hunter ranger buster soccer hockey george
  charlie andrew michelle love sunshine jessica pepper daniel access joshua maggie starwars silver william dallas yankees hello amanda orange biteme
  freedom computer thunder ginger hammer summer corvette taylor austin merlin matthew golfer cheese princess martin chelsea patrick richard diamond
  yellow bigdog secret asdfgh sparky cowboy camaro matrix falcon iloveyou guitar jackson purple scooter phoenix morgan tigers porsche mickey maverick
  cookie nascar peanut justin money samantha panties steelers joseph snoopy boomer iceman smokey gateway dakota cowboys eagles chicken black zxcvbn
  please andrea ferrari knight melissa compaq coffee booboo bulldog welcome james player ncc wizard scooby charles junior internet mike brandy tennis
  banana monster spider lakers miller rabbit enter mercedes brandon steven fender john yamaha diablo chris boston tiger marine chicago rangers gandalf
  winter barney edward raiders bigdaddy johnson chester london midnight blue fishing hannah rachel redsox asdf panther zxcv arsenal oliver qazwsx
  mother victoria jasper angel david winner crystal jack shannon murphy angels prince cameron madison wilson carlos willie startrek captain maddog
  jasmine butter angela golf lauren rocket tiffany theman dennis liverpoo flower forever green jackie muffin turtle sophie danielle toyota jason sierra
  winston debbie giants packers newyork jeremy casper bubba sandra mountain united cooper driver tucker helpme pookie lucky maxwell bear gators jaguar
  monica fred happy hotdog gemini xavier canada nathan florida nicole young casey qwertyui great fire kitty star beer test pass rock apple magic robert
  thomas ashley tigger free`.trim().split(/\s+/)

const endings = ['1!', '1@', '1#', '1$', '@1', '#1', '!1', '12!', '12#', '@12', '123!', '123@', '123#', '!123', '@123', '#123', '_123', '@1234', '1234!', '@2024', '@2025', '@2026', '2024!', '2025!', '2026!']

t.test('at least 3,000 passwords that have all that is asked for are on the list', async t => {
  const candidates = new Set(words.flatMap(word => endings.map(ending => word + ending)))
  const fitting = [...candidates].filter(candidate => passwordIssues(candidate, { ...outlet, refusesCommon: false }).length === 0)
  const refused = fitting.filter(candidate => passwordIssues(candidate, outlet).includes('common'))
  t.ok(refused.length >= 3000, `${refused.length} of ${fitting.length}`)
  for (const candidate of refused.slice(0, 50)) {
    t.same(passwordIssues(candidate.toUpperCase(), outlet), ['common'], candidate.toUpperCase())
    t.same(passwordIssues(candidate.normalize('NFD').replace('1', '１'), outlet), ['common'], `${candidate} with a digit in full width`)
  }
})

t.test("every document's own sample is taken where it stands", async t => {
  t.same(passwordIssues('Password123!', outlet), [])
  for (const sample of ['dermawan123', 'dermawan001', 'SecurePassword123!']) t.same(passwordIssues(sample, lenient), [], sample)
  t.same(passwordIssues('password123', unlisted), [])
  for (const near of ['password123!', 'PASSWORD123!', 'Password123@', 'Password123#']) t.same(passwordIssues(near, outlet), ['common'], near)
})

t.test('that a password is common is said only of one that is fit otherwise', async t => {
  t.same(passwordIssues('password', outlet), ['no_digit', 'no_symbol'])
  t.same(passwordIssues('qwerty', lenient), ['too_short'])
})

t.test('the Unicode forms of a password are one', async t => {
  t.equal(normalisePassword('ﬁre Ⅸ ｋｕｎｃｉ'), 'fire IX kunci')
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 150 }), text => {
    const normal = normalisePassword(text)
    for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const) {
      t.equal(normalisePassword(text.normalize(form)), normal)
      t.same(passwordIssues(text.normalize(form), outlet), passwordIssues(text, outlet))
    }
  }))
})

t.test('any text is judged, without a throw', async t => {
  const rules = fc.record({ needs: fc.subarray<CharacterKind>(['letter', 'digit', 'symbol']), refusesCommon: fc.boolean() })
  const known = new Set(['too_long', 'too_short', 'no_letter', 'no_digit', 'no_symbol', 'common'])
  const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 }).map(units => String.fromCharCode(...units)))
  fc.assert(fc.property(texts, rules, (text, rule) => {
    const broken = passwordIssues(text, rule)
    return new Set(broken).size === broken.length && broken.every(issue => known.has(issue))
  }), { numRuns: 500 })
  for (const text of ['Aa1!'.repeat(250_000), 'ﷺ'.repeat(10_000), `a${'\u0301'.repeat(10_000)}`, '@'.repeat(100_000)]) t.same(passwordIssues(text, outlet), ['too_long'])
})
