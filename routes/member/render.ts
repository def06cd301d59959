import type { RenderProblem } from '../../plugins/errors.js'
import type { RoleAssignment } from '../../src/domain/roles.js'
import type { SessionView } from '../../src/domain/sessions.js'
import { describeInEnglish, englishFailures } from '../english.js'

const failures = { ...englishFailures, current_password_required: [400, 'Validation failed', ['current_password is required']] } as const

export const renderProblem: RenderProblem = problem => {
  const { status, message, ...list } = describeInEnglish(problem, failures)
  return { status, body: { status: 'Error', status_code: status, message, ...list } }
}

/** The envelope of every success. */
export function succeeded<Message extends string> (message: Message) {
  return { status: 'Success', status_code: 200, message } as const
}

export function renderRoleAssignment ({ id, name, isActive, createdAt, updatedAt }: RoleAssignment) {
  return { id, name, status: isActive, created_at: createdAt.toISOString(), updated_at: updatedAt.toISOString() }
}

export function renderSession (session: SessionView, accountId: string) {
  return {
    id: session.id,
    revoke: session.revokedAt !== null,
    ip_address: session.ip,
    device: session.device,
    users_id: accountId,
    created_at: session.createdAt.toISOString(),
    updated_at: session.rotatedAt.toISOString()
  }
}
