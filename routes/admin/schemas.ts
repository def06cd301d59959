import { type TSchema, Type } from '@sinclair/typebox'
import { type Registration, registrations } from '../../src/domain/outlets.js'
import type { TextRule } from '../../plugins/validation.js'
import { body, field, Num, OrNull, sampleId, Text, Time } from '../fields.js'
import { refusalsIn } from '../refusals.js'

const MOST_ENTRIES = 100

const list = <Item extends TSchema>(item: Item, example: unknown[]) => Type.Array(item, { maxItems: MOST_ENTRIES, examples: [example] })
const flag = (description: string) => Type.Optional(Type.Boolean({ description, examples: [true] }))
const registration = Type.Unsafe<Registration>({ ...field('registration', 'invitation'), description: registrations.join(', ') })

const RoleGiven = body({
  role_id: field('uuid', sampleId),
  status: flag('whether it is in force; it is, unless this is false'),
  primary: flag('whether it is the one that contracts of a single role show; a role that is alone always is')
})
const rolesGiven = list(RoleGiven, [{ role_id: sampleId, status: true, primary: true }])
const names = {
  username: Type.Optional(field('username', 'username123')),
  name: Type.Optional(field('name', 'Siti Rahayu')),
  phone: Type.Optional(field('phone', '081234567890'))
}
const outletId = Type.Optional(field('uuid', sampleId))

export const NewUser = body({ email: field('email', 'user@example.com'), ...names, outlet_id: outletId, role_id: Type.Optional(field('uuid', sampleId)), roles: Type.Optional(rolesGiven) })
export const UserChange = body({
  ...names,
  outlet_id: Type.Optional(Type.Unsafe<string | null>({ ...field('uuid', sampleId), type: ['string', 'null'] }))
}, { minProperties: 1 })
export const RolesChange = body({ roles: rolesGiven })

const permissions = list(field('permission', 'reports.read'), ['reports.read'])
const selfAssignable = flag('whether anybody may choose it at registration')
export const NewRole = body({ name: field('label', 'editor'), permissions: Type.Optional(permissions), self_assignable: selfAssignable })
export const RoleChange = body({ name: Type.Optional(field('label', 'editor')), permissions: Type.Optional(permissions), self_assignable: selfAssignable }, { minProperties: 1 })

export const NewOutlet = body({ name: field('label', 'Second Outlet'), registration: Type.Optional(registration) })
export const OutletChange = body({ name: Type.Optional(field('label', 'Second Outlet')), registration: Type.Optional(registration) }, { minProperties: 1 })

export const NewInvitation = body({ email: field('email', 'user@example.com'), outlet_id: outletId, role_id: field('uuid', sampleId) })

export const Id = Type.Object({ id: field('uuid', sampleId) })
export const SessionOfUser = Type.Object({ id: field('uuid', sampleId), sessionId: field('uuid', sampleId) })

const page = (cursor: TextRule, example: string) => ({ limit: Type.Optional(field('limit', '50')), cursor: Type.Optional(field(cursor, example)) })
const userId = Type.Optional(field('uuid', sampleId))
export const UsersAsked = Type.Object({ search: Type.Optional(field('search', 'siti')), ids: Type.Optional(field('uuids', sampleId)), ...page('cursor:accounts', '1042') })
export const SessionsAsked = Type.Object({ user_id: userId, ...page('cursor:ids', sampleId) })
export const InvitationsAsked = Type.Object(page('cursor:ids', sampleId))
export const EventsAsked = Type.Object({
  user_id: userId,
  type: Type.Optional(field('text', 'account.disabled')),
  from: Type.Optional(field('time', '2026-01-05T08:00:00Z')),
  to: Type.Optional(field('time', '2026-01-06T08:00:00Z')),
  ...page('cursor:events', '1767600000000.1042')
})

const Uuid = Text(sampleId)
const Ip = OrNull(Text('203.0.113.7'))
const UserAgent = OrNull(Type.String())

export const User = Type.Object({
  id: Uuid,
  number: Num(7),
  email: Text('user@example.com'),
  username: OrNull(Text('username123')),
  name: OrNull(Text('Siti Rahayu')),
  phone: OrNull(Text('081234567890')),
  outlet: OrNull(Type.Object({ id: Uuid, name: Text('Main Outlet') })),
  roles: Type.Array(Type.Object({ id: Uuid, name: Text('user'), isAdmin: Type.Boolean(), status: Type.Boolean(), primary: Type.Boolean() })),
  emailVerifiedAt: OrNull(Time),
  disabledAt: OrNull(Time),
  deletionDueAt: OrNull(Time),
  createdAt: Time,
  updatedAt: Time
})
export const Session = Type.Object({
  id: Uuid,
  userId: Uuid,
  contract: Text('outlet'),
  device: Type.String({ examples: ['desktop'], description: 'phone, tablet, desktop or unknown' }),
  ip: Ip,
  userAgent: UserAgent,
  createdAt: Time,
  lastUsedAt: Time,
  expiresAt: Time
})
export const Role = Type.Object({
  id: Uuid,
  number: Num(4),
  name: Text('editor'),
  permissions: Type.Array(Text('reports.read')),
  isAdmin: Type.Boolean({ description: 'whether it permits everything' }),
  selfAssignable: Type.Boolean(),
  isDefault: Type.Boolean({ description: 'whether it is given where none is named' }),
  createdAt: Time,
  updatedAt: Time
})
export const Outlet = Type.Object({ id: Uuid, name: Text('Main Outlet'), registration: Type.String({ enum: [...registrations], examples: ['open'] }), createdAt: Time, updatedAt: Time })
export const Invitation = Type.Object({
  id: Uuid,
  email: Text('user@example.com'),
  outletId: OrNull(Uuid),
  roleId: Uuid,
  invitedBy: OrNull(Uuid),
  createdAt: Time,
  expiresAt: Time
})
export const Event = Type.Object({
  id: Uuid,
  type: Text('account.disabled'),
  contract: OrNull(Text('outlet')),
  userId: OrNull(Uuid),
  sessionId: OrNull(Uuid),
  actorId: OrNull(Uuid),
  reason: OrNull(Text('logout')),
  tokenKind: OrNull(Type.String({ enum: ['access', 'refresh'], examples: ['access'], description: 'as what a refused token was sent' })),
  details: Type.Unsafe<Record<string, unknown> | null>({ type: ['object', 'null'], additionalProperties: true, description: 'what an act of administration changed' }),
  ip: Ip,
  userAgent: UserAgent,
  createdAt: Time
})
export const Sent = Type.Object({ sent: Type.Boolean({ description: 'whether it was: not to a disabled account, not where there is nothing to verify, at most five of a kind an hour' }) })
export const Ended = Type.Object({ ended: Num(2) })

/** The envelope of every success: `done` says so, `answered` has something to say, `listed` a part of a list. */
export const done = <Message extends string>(message: Message) => Type.Object({ status: Type.Literal(200), message: Type.Literal(message) })
export const answered = <Message extends string, Data extends TSchema>(message: Message, data: Data) =>
  Type.Object({ status: Type.Literal(200), message: Type.Literal(message), data })
export const made = <Message extends string, Data extends TSchema>(message: Message, data: Data) =>
  Type.Object({ status: Type.Literal(201), message: Type.Literal(message), data })
export const listed = <Message extends string, Data extends TSchema>(message: Message, data: Data) =>
  Type.Object({ status: Type.Literal(200), message: Type.Literal(message), data: Type.Array(data), next: OrNull(Type.String({ description: 'the cursor of the part after it; null where there is none' })) })

const Failure = Type.Object({ status: Type.Integer(), message: Type.String(), errors: Type.Optional(Type.Array(Type.String())) })

export const { refusals, bodyRefusals } = refusalsIn(Failure)
