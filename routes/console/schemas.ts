import { Type } from '@sinclair/typebox'
import type { PasswordRule } from '../../src/domain/password-rules.js'
import { AccessJwt, body, field, newPassword, Num, OrNull, RoleNumber, sampleToken, Text, Time } from '../fields.js'
import { refusalsIn } from '../refusals.js'

export const Registration = (rule: PasswordRule) => body({
  name: field('name', 'John Doe'),
  email: field('email', 'john.doe@example.com'),
  password: newPassword(rule, 'SecurePassword123!'),
  role_id: Type.Optional(RoleNumber)
})
export const Login = body({ email: field('text', 'admin@example.com'), password: field('text', 'SecurePassword123!') })
export const RefreshToken = body({ refreshToken: field('text', sampleToken) })

const user = { id: Num(1), name: OrNull(Text('Admin User')), email: Text('admin@example.com'), role_id: OrNull(Num(1)) }
const tokens = { token: AccessJwt, refreshToken: Text(sampleToken), expiresIn: Num(3600) }

export const Registered = Type.Object({
  status: Type.Literal(true),
  message: Type.Literal('Registration successful'),
  data: Type.Object({ user: Type.Object({ ...user, created_at: Time }), ...tokens }),
  code: Type.Literal(201)
})
export const LoggedIn = Type.Object({
  status: Type.Literal(true),
  message: Type.Literal('Login successful'),
  data: Type.Object({ user: Type.Object({ ...user, role_name: OrNull(Text('Admin')) }), ...tokens })
})
export const Me = Type.Object({
  status: Type.Literal(true),
  data: Type.Object({
    ...user,
    role: OrNull(Type.Object({ id: Num(1), name: Text('Admin'), permissions: Type.Array(Text('users.create')) })),
    created_at: Time
  })
})
export const Refreshed = Type.Object({
  status: Type.Literal(true),
  message: Type.Literal('Token refreshed successfully'),
  data: Type.Object(tokens)
})
export const LoggedOut = Type.Object({ status: Type.Literal(true), message: Type.Literal('Logout successful'), data: Type.Null() })

const Failure = Type.Object({
  status: Type.Literal(false),
  message: Type.String(),
  code: Type.Integer(),
  errors: Type.Optional(Type.Array(Type.String()))
})

export const { refusals, bodyRefusals } = refusalsIn(Failure)
