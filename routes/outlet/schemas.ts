import { type TSchema, Type } from '@sinclair/typebox'
import type { PasswordRule } from '../../src/domain/password-rules.js'
import { AccessJwt, body, field, newPassword, OrNull, sampleId, sampleToken, Text, Time } from '../fields.js'
import { refusalsIn } from '../refusals.js'

export const Registration = (rule: PasswordRule) => body({
  email: field('email', 'user@example.com'),
  username: field('username', 'username123'),
  password: newPassword(rule, 'Password123!'),
  confirmPassword: field('text', 'Password123!'),
  outlet_id: field('uuid', sampleId),
  role_id: field('uuid', sampleId)
})
export const InvitedRegistration = (rule: PasswordRule) => body({
  token: field('text', sampleToken),
  username: field('username', 'username123'),
  password: newPassword(rule, 'Password123!'),
  confirmPassword: field('text', 'Password123!'),
  name: Type.Optional(field('name', 'Siti Rahayu'))
})
export const Login = body({ email: field('text', 'user@example.com'), password: field('text', 'Password123!') })
export const MailToken = body({ token: field('text', sampleToken) })
export const OwnAddress = body({ email: Type.Optional(field('email', 'user@example.com')) })
export const Address = body({ email: field('email', 'user@example.com') })
export const Reset = (rule: PasswordRule) => body({ token: field('text', sampleToken), password: newPassword(rule, 'Password123!'), confirmPassword: field('text', 'Password123!') })
export const PasswordChange = (rule: PasswordRule) => body({ oldPassword: field('text', 'Password123!'), newPassword: newPassword(rule, 'Password123!') })
export const ProfileChange = body({
  username: Type.Optional(field('username', 'username123')),
  email: Type.Optional(field('email', 'user@example.com')),
  currentPassword: Type.Optional(field('text', 'Password123!'))
}, { minProperties: 1 })

export const SessionId = Type.Object({ id: field('uuid', sampleId) })
export const HistoryPage = Type.Object({ limit: Type.Optional(field('limit', '50')), before: Type.Optional(field('uuid', sampleId)) })

const Id = Text(sampleId)
const Named = Type.Object({ id: Id, name: Text('Main Outlet') })

/** The envelope of every success but refresh's: `done` says so, `answered` has something to say. */
const done = <Message extends string>(message: Message) =>
  Type.Object({ status: Type.Literal(200), message: Type.Literal(message) })
const answered = <Message extends string, Data extends TSchema>(message: Message, data: Data) =>
  Type.Object({ status: Type.Literal(200), message: Type.Literal(message), data })

export const AccessToken = Type.Object({ access_token: AccessJwt })

export const Profile = Type.Object({
  id: Id,
  email: Text('user@example.com'),
  username: OrNull(Text('username123')),
  isConfirmed: Type.Boolean(),
  outlet: OrNull(Named),
  role: OrNull(Type.Object({ id: Id, name: Text('user'), isAdmin: Type.Boolean() })),
  createdAt: Time,
  updatedAt: Time
})

const Session = Type.Object({
  id: Id,
  contract: Text('outlet'),
  device: Type.String({ examples: ['desktop'], description: 'phone, tablet, desktop or unknown' }),
  ip: OrNull(Text('203.0.113.7')),
  userAgent: OrNull(Type.String()),
  createdAt: Time,
  lastUsedAt: Time,
  expiresAt: Time,
  current: Type.Boolean()
})

const HistoryEntry = Type.Object({
  id: Id,
  type: Text('session.started'),
  contract: OrNull(Text('outlet')),
  ip: OrNull(Text('203.0.113.7')),
  userAgent: OrNull(Type.String()),
  createdAt: Time
})

export const Registered = done('register user succes')
export const LoggedIn = answered('Login Success', AccessToken)
export const LoggedOut = done('Logged out successfully')
export const Verified = done('succes verified email')
export const VerificationSent = done('Verification email sent')
export const GotProfile = answered('Get profile success', Profile)
export const UpdatedProfile = answered('Profile updated', Profile)
export const ResetSent = done('Password reset email sent')
export const PasswordReset = done('Password reset successfully')
export const PasswordUpdated = done('Password updated')
export const Outlets = answered('Get outlets success', Type.Array(Named))
export const Roles = answered('Get roles success', Type.Array(Named))
export const Sessions = answered('Get sessions success', Type.Array(Session))
export const SessionRevoked = done('Session revoked')
export const Deletion = body({ password: field('text', 'Password123!') })
export const DeletionRequested = answered('Account will be deleted', Type.Object({ deletedAt: Time }))
const MaybeTime = OrNull(Time)
export const Exported = answered('Export account success', Type.Object({
  account: Type.Intersect([Profile, Type.Object({ name: OrNull(Type.String()), phone: OrNull(Type.String()), hasPassword: Type.Boolean() })]),
  roles: Type.Array(Type.Object({ id: Id, name: Text('user'), isActive: Type.Boolean(), createdAt: Time, updatedAt: Time })),
  sessions: Type.Array(Type.Object({
    id: Id, contract: Text('outlet'), createdAt: Time, rotatedAt: Time, expiresAt: Time, revokedAt: MaybeTime, revokedReason: OrNull(Text('logout')), ip: OrNull(Text('203.0.113.7')), userAgent: OrNull(Type.String()), device: Text('desktop')
  })),
  links: Type.Array(Type.Object({ purpose: Text('reset-password'), email: Text('user@example.com'), createdAt: Time, expiresAt: Time, usedAt: MaybeTime })),
  mails: Type.Array(Type.Object({ kind: Text('reset_password'), recipient: Text('user@example.com'), state: Text('sent'), createdAt: Time, settledAt: MaybeTime })),
  events: Type.Array(Type.Object({
    id: Id, type: Text('session.started'), contract: OrNull(Text('outlet')), sessionId: OrNull(Id), reason: OrNull(Type.String()), tokenKind: OrNull(Type.String()), ip: OrNull(Text('203.0.113.7')), userAgent: OrNull(Type.String()), createdAt: Time
  }))
}))
export const History = answered('Get history success', Type.Array(HistoryEntry))

const Failure = Type.Object({ status: Type.Integer(), message: Type.String(), errors: Type.Optional(Type.Array(Type.String())) })

export const { refusals, bodyRefusals } = refusalsIn(Failure)
