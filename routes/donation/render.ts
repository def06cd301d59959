import type { AccountProfile } from '../../src/domain/accounts.js'
import type { RevocationReason } from '../../src/domain/sessions.js'
import type { TokenEvent, TokenEventType } from '../../src/domain/token-history.js'

/** The role of this contract is the account's primary one. */
export function renderUser ({ number, email, name, phone, roles: [role] }: AccountProfile) {
  return { id: number, email, nama_lengkap: name, telp: phone, role: role?.name ?? null }
}

export function renderRegistered (profile: AccountProfile) {
  return { ...renderUser(profile), created_at: profile.createdAt.toISOString(), updated_at: profile.updatedAt.toISOString() }
}

/** The document writes the times of an updated profile in another manner than those of a new account. */
export function renderUpdated (profile: AccountProfile) {
  return { ...renderUser(profile), createdAt: profile.createdAt.toISOString(), updatedAt: profile.updatedAt.toISOString() }
}

const activities: Record<Exclude<TokenEventType, 'session.revoked'>, string> = {
  'password.changed': 'Update Password - Revoke Token',
  'password.reset': 'Reset Password - Revoke Token',
  'password.reset_requested': 'Reset Password - Create Token',
  'session.replayed': 'Replay - Revoke Token',
  'session.rotated': 'Refresh - Rotate Token',
  'session.started': 'Login - Create Token'
}

const revocations: Record<RevocationReason, string> = {
  deleted: 'Delete Account - Revoke Token',
  disabled: 'Disable Account - Revoke Token',
  email_restored: 'Restore Email - Revoke Token',
  email_verified: 'Verify Email - Revoke Token',
  logout: 'Logout - Revoke Token',
  logout_all: 'Logout - Revoke Token',
  password_changed: 'Update Password - Revoke Token',
  password_reset: 'Reset Password - Revoke Token',
  replay: 'Replay - Revoke Token',
  revoked_by_administrator: 'Revoke Session - Revoke Token',
  revoked_by_owner: 'Revoke Session - Revoke Token'
}

export function renderTokenEvent ({ number, type, reason, token, createdAt }: TokenEvent, accountNumber: number) {
  const time = createdAt.toISOString()
  const activity = type === 'session.revoked' ? revocations[reason ?? 'logout'] : activities[type]
  return { id: number, id_user: accountNumber, aktivitas: activity, token, created_at: time, updated_at: time }
}
