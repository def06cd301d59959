import t from 'tap'
import { bearer, type Kunci, mailedToken } from '../helper.js'
import { PASSWORD } from '../outlet/client.js'
import { me, type Name, names, type Tokens, tokensOf } from './clients.js'
import { but, ended, everywhere, owner } from './everywhere.js'

const NEW = 'Rahasia-baru 7'

/** What ends the sessions of all contracts at once, but for the one that asks where there is one. */
const endings: Record<string, { goesOn?: Name, act: (kunci: Kunci, tokens: Record<Name, Tokens>) => Promise<{ statusCode: number }> }> = {
  'signing out of all': {
    act: async ({ app }, { outlet }) => await app.inject({ method: 'POST', url: '/auth/logout/all', headers: bearer(outlet.access) })
  },
  'a password change through outlet': {
    goesOn: 'outlet',
    act: async ({ app }, { outlet }) => await app.inject({ method: 'PATCH', url: '/auth/password', headers: bearer(outlet.access), payload: { oldPassword: PASSWORD, newPassword: NEW } })
  },
  'a password change through donation': {
    goesOn: 'donation',
    act: async ({ app }, { donation }) => await app.inject({ method: 'PATCH', url: '/donation/auth/profile/update-password', headers: bearer(donation.access), payload: { old_password: PASSWORD, new_password: NEW } })
  },
  'a password change through member': {
    goesOn: 'member',
    act: async ({ app }, { member }) => await app.inject({ method: 'POST', url: '/member/api/auth/edit-password', headers: bearer(member.access), payload: { old_password: PASSWORD, new_password: NEW } })
  },
  'a password reset through outlet': {
    async act (kunci) {
      await kunci.app.inject({ method: 'POST', url: '/auth/password/forgot', payload: { email: owner.email } })
      return await kunci.app.inject({ method: 'POST', url: '/auth/password/reset', payload: { token: await mailedToken(kunci, owner.email), password: NEW, confirmPassword: NEW } })
    }
  },
  'a password reset through donation': {
    async act (kunci) {
      await kunci.app.inject({ method: 'POST', url: '/donation/auth/reset-password', payload: { email: owner.email } })
      return await kunci.app.inject({ method: 'PATCH', url: `/donation/auth/forgot-password/submit/new-password/${await mailedToken(kunci, owner.email)}`, payload: { password: NEW } })
    }
  },
  'a password reset through member': {
    async act (kunci) {
      await kunci.app.inject({ method: 'POST', url: '/member/api/auth/send-verification-email', payload: { email: owner.email } })
      const token = await mailedToken(kunci, owner.email)
      await kunci.app.inject({ method: 'POST', url: '/member/api/auth/verify-email', payload: { token } })
      return await kunci.app.inject({ method: 'POST', url: '/member/api/auth/reset-password', payload: { token, password: NEW } })
    }
  },
  'proving an address to recover an account': {
    async act (kunci) {
      await kunci.app.inject({ method: 'POST', url: '/member/api/auth/send-verification-email', payload: { email: owner.email } })
      return await kunci.app.inject({ method: 'POST', url: '/member/api/auth/verify-email', payload: { token: await mailedToken(kunci, owner.email) } })
    }
  },
  'proving a new address': {
    goesOn: 'outlet',
    async act (kunci, { outlet }) {
      const email = 'siti.baru@example.com'
      await kunci.app.inject({ method: 'PATCH', url: '/auth/profile', headers: bearer(outlet.access), payload: { email, currentPassword: PASSWORD } })
      return await kunci.app.inject({ method: 'POST', url: '/auth/verify', headers: bearer(outlet.access), payload: { token: await mailedToken(kunci, email) } })
    }
  },
  'taking a former address back': {
    async act (kunci, { donation }) {
      await kunci.app.inject({ method: 'PATCH', url: '/donation/auth/profile/update', headers: bearer(donation.access), payload: { email: 'thief@example.com' } })
      return await kunci.app.inject({ method: 'POST', url: '/donation/auth/restore-email', payload: { token: await mailedToken(kunci, owner.email) } })
    }
  }
}

for (const [what, { goesOn, act }] of Object.entries(endings)) {
  t.test(`${what} ends the sessions of ${goesOn === undefined ? 'all contracts' : 'all others'} at once`, async t => {
    const { kunci, tokens, bystander } = await everywhere(t)
    t.equal((await act(kunci, tokens)).statusCode, 200)
    await ended(t, kunci, tokens, goesOn === undefined ? names : but(goesOn))
    t.equal((await me(kunci, 'console', bystander.access)).statusCode, 200)
  })
}

t.test('a password that was set through one contract is that of all', async t => {
  const { kunci, tokens } = await everywhere(t)
  await kunci.app.inject({ method: 'POST', url: '/member/api/auth/edit-password', headers: bearer(tokens.member.access), payload: { old_password: PASSWORD, new_password: NEW } })
  for (const name of names) {
    t.equal((await me(kunci, name, (await tokensOf(kunci, name, owner, NEW)).access)).statusCode, 200, name)
  }
})
