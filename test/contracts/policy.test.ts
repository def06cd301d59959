import t from 'tap'
import { bearer, build, type Kunci, mailedToken, readMails } from '../helper.js'
import { PASSWORD, registerVerified } from '../outlet/client.js'
import { type Name, person, refresh, register, registrars, tokensOf } from './clients.js'

const NEW = 'Rahasia-baru 7'

/** What a contract says in its mails, by its language. */
const subjects = {
  en: {
    verification: 'Verify your email address',
    newEmail: 'Confirm your new email address',
    reset: 'Reset your password',
    recovery: 'Recover your account',
    passwordChanged: 'Your password was changed',
    emailChanged: 'The email address of your account was changed',
    replayed: 'One of your devices was signed out'
  },
  id: {
    verification: 'Verifikasi alamat email Anda',
    newEmail: 'Konfirmasi alamat email baru Anda',
    reset: 'Atur ulang kata sandi Anda',
    recovery: 'Pulihkan akun Anda',
    passwordChanged: 'Kata sandi Anda telah diubah',
    emailChanged: 'Alamat email akun Anda telah diubah',
    replayed: 'Salah satu perangkat Anda telah dikeluarkan'
  }
} as const

const languages: Record<Name, 'en' | 'id'> = { outlet: 'en', console: 'en', donation: 'id', member: 'en', signin: 'en' }

const pages = {
  outlet: 'https://toko.example',
  console: 'https://panel.example/admin',
  donation: 'https://donasi.example',
  member: 'https://anggota.example:8443/app',
  signin: 'http://masuk.example'
}
const APP_URL = Object.entries(pages).map(([name, url]) => `${name}=${url}`).join(', ')

/** @returns what was mailed to whom since the last time, with which link */
function inbox (kunci: Kunci) {
  let seen = 0
  return async () => {
    const mails = await readMails(kunci)
    const fresh = mails.slice(seen)
    seen = mails.length
    return fresh.map(({ to, subject, text, html }) => ({
      to,
      subject,
      link: /^(\S+)\?token=[\w-]{98}$/m.exec(text)?.[1],
      language: /<html lang="(\w+)">/.exec(html)?.[1]
    }))
  }
}

t.test('every mail is in the language of the contract that it was asked through, and opens the page of that contract', async t => {
  const kunci = await build(t, { CONTRACTS: '', APP_URL })
  const { app, clock } = kunci
  const mailed = inbox(kunci)
  const expected = (name: Name, subject: keyof typeof subjects.en, to: string, page?: string) =>
    [{ to, subject: subjects[languages[name]][subject], link: page === undefined ? undefined : `${pages[name]}/${page}`, language: languages[name] }]
  const post = async (url: string, payload: object, headers: Record<string, string> = {}, method: 'POST' | 'PATCH' = 'POST') => {
    clock.advance(600)
    const response = await app.inject({ method, url, payload, headers })
    t.equal(response.statusCode, 200, url)
  }

  for (const name of registrars) {
    await register(kunci, name, person(`by-${name}`))
    t.strictSame(await mailed(), expected(name, 'verification', `by-${name}@example.com`, 'verify-email'))
  }
  await post('/auth/resend/verify', { email: 'by-donation@example.com' })
  t.strictSame(await mailed(), expected('outlet', 'verification', 'by-donation@example.com', 'verify-email'), 'asked for again through another contract')

  const owner = person('by-signin')
  await post('/auth/verify', { token: await mailedToken(kunci, owner.email) })
  await post('/auth/password/forgot', { email: owner.email })
  t.strictSame(await mailed(), expected('outlet', 'reset', owner.email, 'reset-password'))
  await post('/donation/auth/reset-password', { email: owner.email })
  t.strictSame(await mailed(), expected('donation', 'reset', owner.email, 'reset-password'))
  await post('/member/api/auth/send-verification-email', { email: owner.email })
  t.strictSame(await mailed(), expected('member', 'recovery', owner.email, 'recover-account'))

  clock.advance(3600)
  const outlet = bearer((await tokensOf(kunci, 'outlet', owner)).access)
  await post('/auth/profile', { email: 'a@example.com', currentPassword: PASSWORD }, outlet, 'PATCH')
  t.strictSame(await mailed(), expected('outlet', 'newEmail', 'a@example.com', 'verify-email'))
  const member = bearer((await tokensOf(kunci, 'member', owner)).access)
  await post('/member/api/auth/edit-profile', { email: 'b@example.com', current_password: PASSWORD }, member)
  t.strictSame(await mailed(), expected('member', 'newEmail', 'b@example.com', 'verify-email'))

  await post('/member/api/auth/edit-password', { old_password: PASSWORD, new_password: NEW }, member)
  t.strictSame(await mailed(), expected('member', 'passwordChanged', owner.email))
  const donation = bearer((await tokensOf(kunci, 'donation', owner, NEW)).access)
  await post('/donation/auth/profile/update-password', { old_password: NEW, new_password: PASSWORD }, donation, 'PATCH')
  t.strictSame(await mailed(), expected('donation', 'passwordChanged', owner.email))
  await post('/auth/password', { oldPassword: PASSWORD, newPassword: NEW }, bearer((await tokensOf(kunci, 'outlet', owner)).access), 'PATCH')
  t.strictSame(await mailed(), expected('outlet', 'passwordChanged', owner.email))

  const giving = bearer((await tokensOf(kunci, 'donation', owner, NEW)).access)
  await post('/donation/auth/profile/update', { email: 'c@example.com' }, giving, 'PATCH')
  const told = [...expected('donation', 'emailChanged', owner.email, 'restore-email'), ...expected('donation', 'verification', 'c@example.com', 'verify-email')]
  t.strictSame((await mailed()).sort((one, other) => one.to < other.to ? -1 : 1), told)
  await post('/donation/auth/restore-email', { token: await mailedToken(kunci, owner.email) })
  const restored = [...expected('donation', 'reset', owner.email, 'reset-password'), ...expected('donation', 'emailChanged', 'c@example.com')]
  t.strictSame((await mailed()).sort((one, other) => one.to < other.to ? -1 : 1), restored)
})

t.test('a contract without a pair of its own opens the server\'s own pages', async t => {
  const kunci = await build(t, { CONTRACTS: '', APP_URL: 'donation=https://donasi.example/' })
  for (const name of registrars) await register(kunci, name, person(name))
  t.strictSame(await inbox(kunci)(), registrars.map(name => ({
    to: `${name}@example.com`,
    subject: subjects[languages[name]].verification,
    link: name === 'donation' ? 'https://donasi.example/verify-email' : 'http://auth.test/verify-email',
    language: languages[name]
  })))
})

t.test('a session that ends because its token was stolen is told of in the language of its contract', async t => {
  const kunci = await build(t, { CONTRACTS: '' })
  const owner = person('siti')
  await registerVerified(kunci, owner.email, owner.username)
  const mailed = inbox(kunci)
  await mailed()
  for (const name of ['outlet', 'console', 'member', 'signin'] as const) {
    const { refresh: token } = await tokensOf(kunci, name, owner)
    t.equal((await refresh(kunci, name, token)).statusCode, 200)
    kunci.clock.advance(30)
    t.equal((await refresh(kunci, name, token)).statusCode, 401)
    t.strictSame(await mailed(), [{ to: owner.email, subject: subjects[languages[name]].replayed, link: undefined, language: languages[name] }], name)
  }
})
