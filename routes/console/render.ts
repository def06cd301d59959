import type { RenderProblem } from '../../plugins/errors.js'
import type { AccountProfile } from '../../src/domain/accounts.js'
import { describeInEnglish } from '../english.js'

export const renderProblem: RenderProblem = problem => {
  const { status, message, ...list } = describeInEnglish(problem)
  return { status, body: { status: false, message, code: status, ...list } }
}

/** The role of this contract is the account's primary one. */
function renderUser ({ number, name, email, roles: [role] }: AccountProfile) {
  return { id: number, name, email, role_id: role?.number ?? null }
}

export function renderLoggedIn (profile: AccountProfile) {
  return { ...renderUser(profile), role_name: profile.roles[0]?.name ?? null }
}

export function renderRegistered (profile: AccountProfile) {
  return { ...renderUser(profile), created_at: profile.createdAt.toISOString() }
}

export function renderMe (profile: AccountProfile) {
  const { roles: [role] } = profile
  return {
    ...renderUser(profile),
    role: role === undefined ? null : { id: role.number, name: role.name, permissions: role.permissions },
    created_at: profile.createdAt.toISOString()
  }
}
