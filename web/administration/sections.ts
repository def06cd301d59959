import type { Permission } from '../../src/domain/administration/standing.js'
import { pagePaths } from '../../src/page-paths.js'
import { tells } from './sentences.js'

interface Section {
  path: string
  title: string
  /** one of these is enough to see it */
  takes: readonly Permission[]
}

/** The parts of administration. */
export const sections = {
  users: { path: pagePaths.manageUsers, title: tells.users.title, takes: ['users.read'] },
  roles: { path: pagePaths.manageRoles, title: tells.roles.title, takes: ['roles.manage', 'users.read'] },
  outlets: { path: pagePaths.manageOutlets, title: tells.outlets.title, takes: ['outlets.manage', 'users.read'] },
  invitations: { path: pagePaths.manageInvitations, title: tells.invitations.title, takes: ['users.create'] },
  sessions: { path: pagePaths.manageSessions, title: tells.sessions.title, takes: ['sessions.manage'] },
  events: { path: pagePaths.manageEvents, title: tells.events.title, takes: ['audit.read'] }
} as const satisfies Record<string, Section>
