import type { LightMyRequestResponse } from 'fastify'
import t from 'tap'
import { bearer, build, mailedToken } from '../helper.js'
import { choices, deviceOf, PASSWORD, registerVerified, tryPassword } from '../outlet/client.js'
import { me, names, type Person, person, refresh, refreshing, register, registrars, signIn, tokensOf } from './clients.js'
import { failed, failing, failure } from './failures.js'

const admin = { ...person('admin'), password: PASSWORD }
/** One wrong password locks an account for whoever is not known. */
const kunci = await build(t, { CONTRACTS: '', RATE_LIMIT: 'on', ACCOUNT_LIMIT: '1', ADMIN_EMAIL: admin.email, ADMIN_USERNAME: admin.username, ADMIN_PASSWORD: admin.password })
const { app, clock, sql } = kunci

const NEW = 'Rahasia-baru 7'

interface Place {
  send: (token: string, owner: Person) => Promise<LightMyRequestResponse>
  /** what it says of a token that is not good there */
  refusal: { status: number, body: object }
}

/** Every place that takes a token. */
const places: Record<string, Place> = {
  'outlet verify': {
    send: async token => await app.inject({ method: 'POST', url: '/auth/verify', payload: { token } }),
    refusal: failure('outlet', 400, 'Invalid verification token')
  },
  'outlet reset': {
    send: async token => await app.inject({ method: 'POST', url: '/auth/password/reset', payload: { token, password: NEW, confirmPassword: NEW } }),
    refusal: failure('outlet', 400, 'Invalid reset token')
  },
  'outlet invitation': {
    send: async token => await app.inject({ method: 'POST', url: '/auth/register/invitation', payload: { token, username: `invited.${token.slice(-16)}x`, password: NEW, confirmPassword: NEW } }),
    refusal: failure('outlet', 400, 'Invalid invitation token')
  },
  'donation reset': {
    send: async token => await app.inject({ method: 'PATCH', url: `/donation/auth/forgot-password/submit/new-password/${token}`, payload: { password: NEW } }),
    refusal: failing('donation', 'invalid_access_token')
  },
  'donation restore': {
    send: async token => await app.inject({ method: 'POST', url: '/donation/auth/restore-email', payload: { token } }),
    refusal: failing('donation', 'invalid_access_token')
  },
  'member verify': {
    send: async token => await app.inject({ method: 'POST', url: '/member/api/auth/verify-email', payload: { token } }),
    refusal: failure('member', 400, 'Invalid verification token')
  },
  'member reset': {
    send: async token => await app.inject({ method: 'POST', url: '/member/api/auth/reset-password', payload: { token, password: NEW } }),
    refusal: failure('member', 400, 'Invalid reset token')
  },
  ...Object.fromEntries(refreshing.map((name): [string, Place] => [`${name} refresh`, { send: async token => await refresh(kunci, name, token), refusal: failing(name, 'invalid_refresh_token') }])),
  ...Object.fromEntries(names.map((name): [string, Place] => [`${name} bearer`, { send: async token => await me(kunci, name, token), refusal: failing(name, 'invalid_access_token') }])),
  // The account is locked when it is asked: who is known signs in all the same.
  'outlet device': {
    send: async (token, owner) => await tryPassword(kunci, PASSWORD, owner.email, `refresh_token_device=${token}`),
    refusal: failing('outlet', 'rate_limited')
  }
}

async function post (url: string, payload: object, headers: Record<string, string> = {}): Promise<LightMyRequestResponse> {
  return await app.inject({ method: 'POST', url, payload, headers })
}

/** Asks for a mail a moment later than whatever was mailed before, and reads its token. */
async function mailed (to: string, ask: () => Promise<LightMyRequestResponse>): Promise<string> {
  clock.advance(1)
  await ask()
  return await mailedToken(kunci, to)
}

/** Every kind of token: how an account gets one, and where it is good. */
const kinds: Record<string, { make: (owner: Person) => Promise<string>, good: string[] }> = {
  ...Object.fromEntries(registrars.map(name => [`verification by ${name}`, {
    make: async owner => await mailed(owner.email, async () => await register(kunci, name, owner)),
    good: ['outlet verify', 'member verify']
  }])),
  'confirmation of a new email': {
    async make (owner) {
      await register(kunci, 'signin', owner)
      const { access } = await tokensOf(kunci, 'member', owner)
      const email = `new.${owner.email}`
      return await mailed(email, async () => await post('/member/api/auth/edit-profile', { email, current_password: PASSWORD }, bearer(access)))
    },
    good: ['outlet verify', 'member verify']
  },
  'reset by outlet': {
    async make (owner) {
      await register(kunci, 'signin', owner)
      return await mailed(owner.email, async () => await post('/auth/password/forgot', { email: owner.email }))
    },
    good: ['outlet reset', 'donation reset']
  },
  'reset by donation': {
    async make (owner) {
      await register(kunci, 'signin', owner)
      return await mailed(owner.email, async () => await post('/donation/auth/reset-password', { email: owner.email }))
    },
    good: ['outlet reset', 'donation reset']
  },
  'password of an account that was made': {
    make: async owner => await mailed(owner.email, async () => await administer('/users', { email: owner.email, role_id: (await choices(kunci)).user })),
    good: ['outlet reset', 'donation reset']
  },
  invitation: {
    make: async owner => await mailed(owner.email, async () => await administer('/invitations', { email: owner.email, role_id: (await choices(kunci)).user })),
    good: ['outlet invitation']
  },
  recovery: { make: recovery, good: ['member verify'] },
  'proven recovery': {
    async make (owner) {
      const token = await recovery(owner)
      await post('/member/api/auth/verify-email', { token })
      return token
    },
    good: ['member verify', 'member reset']
  },
  restoration: {
    async make (owner) {
      await register(kunci, 'donation', owner)
      const { access } = await tokensOf(kunci, 'donation', owner)
      return await mailed(owner.email, async () => await app.inject({ method: 'PATCH', url: '/donation/auth/profile/update', payload: { email: `new.${owner.email}` }, headers: bearer(access) }))
    },
    good: ['donation restore']
  },
  ...Object.fromEntries(refreshing.map(name => [`refresh of ${name}`, { make: async owner => (await signedIn(owner, name)).refresh, good: [`${name} refresh`] }])),
  ...Object.fromEntries(names.map(name => [`access of ${name}`, { make: async owner => (await signedIn(owner, name)).access, good: [`${name} bearer`] }])),
  device: {
    async make (owner) {
      await registerVerified(kunci, owner.email, owner.username)
      return deviceOf(await signIn(kunci, 'outlet', owner))
    },
    good: ['outlet device']
  }
}

async function administer (path: string, payload: object): Promise<LightMyRequestResponse> {
  const { access } = await tokensOf(kunci, 'outlet', admin, admin.password)
  return await post(`/admin${path}`, payload, bearer(access))
}

async function recovery (owner: Person): Promise<string> {
  await register(kunci, 'signin', owner)
  return await mailed(owner.email, async () => await post('/member/api/auth/send-verification-email', { email: owner.email }))
}

async function signedIn (owner: Person, name: typeof names[number]) {
  await registerVerified(kunci, owner.email, owner.username)
  return await tokensOf(kunci, name, owner)
}

async function state () {
  return {
    users: await sql`select * from users order by id`,
    sessions: await sql`select * from sessions order by id`,
    tokens: await sql`select * from one_time_tokens order by id`,
    invitations: await sql`select * from invitations order by id`
  }
}

for (const [index, [kind, { make, good }]] of Object.entries(kinds).entries()) {
  t.test(`${kind}: good in its own place alone, and not spent where it is refused`, async t => {
    for (const [at, right] of good.entries()) {
      // Past the limits of one address.
      clock.advance(60)
      const owner = person(`person-${index}-${at}`)
      const token = await make(owner)
      t.not(token, '')
      t.equal((await tryPassword(kunci, 'wrong', owner.email)).statusCode, 401)
      const before = await state()
      for (const [place, { send, refusal }] of Object.entries(places).filter(([place]) => !good.includes(place))) {
        t.strictSame(failed(await send(token, owner)), refusal, place)
      }
      t.strictSame(await state(), before)
      t.equal((await places[right]?.send(token, owner))?.statusCode, 200, right)
    }
  })
}
