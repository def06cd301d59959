import type { Static } from '@sinclair/typebox'
import type { RenderProblem } from '../../plugins/errors.js'
import type { Invitation } from '../../src/domain/administration/invitations.js'
import type { ListedAccount, ListedEvent, ListedSession, Page, PageRequest } from '../../src/domain/administration/lists.js'
import type { Outlet } from '../../src/domain/administration/outlets.js'
import type { Role } from '../../src/domain/administration/roles.js'
import { describeInEnglish } from '../english.js'
import { failures } from './failures.js'
import type * as schemas from './schemas.js'

export const renderProblem: RenderProblem = problem => {
  const said = describeInEnglish(problem, failures)
  return { status: said.status, body: said }
}

const DEFAULT_PAGE = 50

/** @returns what a list's query asks for */
export function pageAsked ({ limit, cursor }: { limit?: string, cursor?: string }): PageRequest {
  return { limit: limit === undefined ? DEFAULT_PAGE : Number(limit), cursor }
}

export function renderPage<Row, Rendered, Message extends string> (message: Message, { rows, next }: Page<Row>, render: (row: Row) => Rendered) {
  return { status: 200, message, data: rows.map(render), next } as const
}

export function renderUser ({ roles: _, assignments, ...account }: ListedAccount): Static<typeof schemas.User> {
  return {
    ...account,
    roles: assignments.map(({ id, name, isAdmin, isActive, isPrimary }) => ({ id, name, isAdmin, status: isActive, primary: isPrimary })),
    emailVerifiedAt: timeOf(account.emailVerifiedAt),
    disabledAt: timeOf(account.disabledAt),
    deletionDueAt: timeOf(account.deletionDueAt),
    ...times(account)
  }
}

export function renderSession ({ rotatedAt, expiresAt, createdAt, ...session }: ListedSession): Static<typeof schemas.Session> {
  return { ...session, createdAt: createdAt.toISOString(), lastUsedAt: rotatedAt.toISOString(), expiresAt: expiresAt.toISOString() }
}

export function renderRole (role: Role): Static<typeof schemas.Role> {
  return { ...role, ...times(role) }
}

export function renderOutlet ({ id, name, registration, ...outlet }: Outlet): Static<typeof schemas.Outlet> {
  return { id, name, registration, ...times(outlet) }
}

export function renderInvitation ({ id, email, outletId, roleId, invitedBy, createdAt, expiresAt }: Invitation): Static<typeof schemas.Invitation> {
  return { id, email, outletId, roleId, invitedBy, createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() }
}

export function renderEvent ({ number: _, createdAt, ...event }: ListedEvent): Static<typeof schemas.Event> {
  return { ...event, createdAt: createdAt.toISOString() }
}

function times ({ createdAt, updatedAt }: { createdAt: Date, updatedAt: Date }): { createdAt: string, updatedAt: string } {
  return { createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() }
}

function timeOf (moment: Date | null): string | null {
  return moment === null ? null : moment.toISOString()
}
