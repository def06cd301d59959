import { Type } from '@sinclair/typebox'
import type { PasswordRule } from '../../src/domain/password-rules.js'
import { AccessJwt, body, field, newPassword, Num, OrNull, sampleToken, Text, Time } from '../fields.js'
import { refusalsIn } from '../refusals.js'

export const Signup = (rule: PasswordRule) => body({
  email: field('email', 'user@example.com'),
  username: field('username', 'johndoe'),
  password: newPassword(rule, 'password123'),
  name: field('name', 'John Doe')
})
export const Signin = body({ username: field('text', 'johndoe'), password: field('text', 'password123') })
export const RefreshToken = body({ refreshToken: field('text', sampleToken) })

const Username = OrNull(Text('johndoe'))
const user = { id: Num(1), email: Text('user@example.com'), username: Username, name: OrNull(Text('John Doe')) }

export const SignedUp = Type.Object({
  user: Type.Object({ ...user, createdAt: Time, updatedAt: Time }),
  message: Type.Literal('User created successfully')
})
export const Tokens = Type.Object({ accessToken: AccessJwt, refreshToken: Text(sampleToken) })
export const SignedIn = Type.Object({ user: Type.Object(user), ...Tokens.properties })
export const LoggedOut = Type.Object({ message: Type.Literal('Logged out successfully') })
export const Profile = Type.Object({ userId: Num(1), username: Username, email: Text('user@example.com') })

const Failure = Type.Object({
  statusCode: Type.Integer(),
  error: Type.String({ description: "HTTP's phrase for the status" }),
  message: Type.Union([Type.String(), Type.Array(Type.String())], { description: 'a list where fields are wrong' })
})

export const { refusals, bodyRefusals } = refusalsIn(Failure)
