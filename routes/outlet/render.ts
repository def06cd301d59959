import type { RenderProblem } from '../../plugins/errors.js'
import type { AccountExport } from '../../src/domain/account-export.js'
import type { AccountProfile } from '../../src/domain/accounts.js'
import type { HistoryEntry } from '../../src/domain/audit.js'
import type { SessionView } from '../../src/domain/sessions.js'
import { describeInEnglish } from '../english.js'
import { failures } from './failures.js'

export const renderProblem: RenderProblem = problem => {
  const said = describeInEnglish(problem, failures)
  return { status: said.status, body: said }
}

export function renderProfile (profile: AccountProfile) {
  const [role] = profile.roles
  return {
    id: profile.id,
    email: profile.email,
    username: profile.username,
    isConfirmed: profile.emailVerifiedAt !== null,
    outlet: profile.outlet,
    role: role === undefined ? null : { id: role.id, name: role.name, isAdmin: role.isAdmin },
    createdAt: profile.createdAt.toISOString(),
    updatedAt: profile.updatedAt.toISOString()
  }
}

export function renderSession (session: SessionView, currentId: string) {
  return {
    id: session.id,
    contract: session.contract,
    device: session.device,
    ip: session.ip,
    userAgent: session.userAgent,
    createdAt: session.createdAt.toISOString(),
    lastUsedAt: session.rotatedAt.toISOString(),
    expiresAt: session.expiresAt.toISOString(),
    current: session.id === currentId
  }
}

export function renderExport ({ profile, roles, ...held }: AccountExport) {
  return {
    account: { ...renderProfile(profile), name: profile.name, phone: profile.phone, hasPassword: held.hasPassword },
    roles: roles.map(({ id, name, isActive, createdAt, updatedAt }) => ({ id, name, isActive, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() })),
    sessions: held.sessions.map(texted),
    links: held.links.map(texted),
    mails: held.mails.map(texted),
    events: held.events.map(texted)
  }
}

type Texted<Row> = { [Name in keyof Row]: Row[Name] extends Date ? string : Row[Name] extends Date | null ? string | null : Row[Name] }

/** The same row with its times as texts. */
function texted<Row extends object> (row: Row): Texted<Row> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value instanceof Date ? value.toISOString() : value])) as Texted<Row>
}

export function renderHistoryEntry ({ id, type, contract, ip, userAgent, createdAt }: HistoryEntry) {
  return { id, type, contract, ip, userAgent, createdAt: createdAt.toISOString() }
}
