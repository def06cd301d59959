import { type TSchema, Type } from '@sinclair/typebox'
import type { PasswordRule } from '../../src/domain/password-rules.js'
import { AccessJwt, body, field, newPassword, OrNull, sampleId, sampleToken, Text, Time } from '../fields.js'
import { refusalsIn } from '../refusals.js'

export const Login = body({ username: field('text', 'jefli jonathan'), password: field('text', 'kata sandi panjang') })
export const RefreshToken = body({ refresh_token: field('text', sampleToken) })
export const Address = body({ email: field('email', 'jefli.jonathan@example.com') })
export const MailToken = body({ token: field('text', sampleToken) })
export const Reset = (rule: PasswordRule) => body({ token: field('text', sampleToken), password: newPassword(rule, 'kata sandi panjang') })
export const ProfileChange = body({
  username: Type.Optional(field('username', 'jefli jonathan')),
  name: Type.Optional(field('name', 'Jefli Jonathan')),
  email: Type.Optional(field('email', 'jefli.jonathan@example.com')),
  phone: Type.Optional(field('phone', '081234567890')),
  current_password: Type.Optional(field('text', 'kata sandi panjang'))
}, { minProperties: 1 })
export const PasswordChange = (rule: PasswordRule) => body({ old_password: field('text', 'kata sandi panjang'), new_password: newPassword(rule, 'kata sandi panjang') })
export const SessionId = Type.Object({ id: field('uuid', sampleId) })

/** The envelope of every success: `done` says so, `answered` has something to say. */
const envelope = <Message extends string>(message: Message) =>
  ({ status: Type.Literal('Success'), status_code: Type.Literal(200), message: Type.Literal(message) })
const done = <Message extends string>(message: Message) => Type.Object(envelope(message))
const answered = <Message extends string, Data extends TSchema>(message: Message, data: Data) => Type.Object({ ...envelope(message), data })

const Id = Text(sampleId)
const RoleAssignment = Type.Object({
  id: Id,
  name: Text('MEMBER'),
  status: Type.Boolean({ description: 'whether it is active' }),
  created_at: Time,
  updated_at: Time
})
const Session = Type.Object({
  id: Id,
  revoke: Type.Boolean(),
  ip_address: OrNull(Text('203.0.113.7')),
  device: Type.String({ examples: ['phone'], description: 'phone, tablet, desktop or unknown' }),
  users_id: Id,
  created_at: Time,
  updated_at: Time
})
const tokens = { token: AccessJwt, refresh_token: Text(sampleToken) }

export const LoggedIn = answered('User Successfully Logged In', Type.Object({
  id: Id, username: OrNull(Text('jefli jonathan')), role_user: Type.Array(RoleAssignment), ...tokens
}))
export const Refreshed = answered('User Successfully Logged In', Type.Object(tokens))
export const LoggedOut = done('User Successfully Logged Out')
export const MailSent = answered('Verification email sent successfully', Type.Object({ email: Text('jefli.jonathan@example.com') }))
export const EmailVerified = done('Email verified successfully')
export const PasswordReset = done('Password reset successfully')
export const ProfileUpdated = done('Profile updated successfully')
export const PasswordUpdated = done('Password updated successfully')
export const Sessions = answered('Sessions retrieved successfully', Type.Array(Session))
export const SessionRevoked = done('Session revoked successfully')

const Failure = Type.Object({
  status: Type.Literal('Error'),
  status_code: Type.Integer(),
  message: Type.String(),
  errors: Type.Optional(Type.Array(Type.String()))
})

export const { refusals, bodyRefusals } = refusalsIn(Failure)
