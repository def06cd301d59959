import { type TSchema, Type } from '@sinclair/typebox'
import type { PasswordRule } from '../../src/domain/password-rules.js'
import { AccessJwt, body, field, newPassword, Num, OrNull, sampleToken, Text, Time } from '../fields.js'
import { refusalsIn } from '../refusals.js'

export const Registration = (rule: PasswordRule) => body({
  email: field('email', 'dermawan@gmail.com'),
  password: newPassword(rule, 'dermawan123'),
  nama_lengkap: field('name', 'Dermawan Saputra'),
  telp: field('phone', '081234567890'),
  role: Type.Optional(field('text', 'user'))
})
export const Login = body({ email: field('text', 'dermawan@gmail.com'), password: field('text', 'dermawan123') })
export const Address = body({ email: field('email', 'dermawan@gmail.com') })
export const MailToken = body({ token: field('text', sampleToken) })
export const NewPassword = (rule: PasswordRule) => body({ password: newPassword(rule, 'dermawan001') })
export const TokenInPath = Type.Object({ token: field('text', sampleToken) })
export const ProfileChange = body({
  nama_lengkap: Type.Optional(field('name', 'Dermawan Saputra Updated')),
  telp: Type.Optional(field('phone', '081234567899')),
  email: Type.Optional(field('email', 'dermawan.updated@gmail.com'))
}, { minProperties: 1 })
export const PasswordChange = (rule: PasswordRule) => body({ old_password: field('text', 'dermawan123'), new_password: newPassword(rule, 'dermawan001') })
export const AccountNumber = Type.Object({ id_user: field('number', '3') })
export const HistoryPage = Type.Object({ limit: Type.Optional(field('limit', '50')), before: Type.Optional(field('number', '3826')) })

/** The envelope of every success: `done` says so, `answered` has something to say. */
const done = <Message extends string>(message: Message) => Type.Object({ success: Type.Literal(true), message: Type.Literal(message) })
const answered = <Message extends string, Data extends TSchema>(message: Message, data: Data) =>
  Type.Object({ success: Type.Literal(true), message: Type.Literal(message), data })

const user = {
  id: Num(1),
  email: Text('dermawan@gmail.com'),
  nama_lengkap: OrNull(Text('Dermawan Saputra')),
  telp: OrNull(Text('081234567890')),
  role: OrNull(Text('user'))
}
const Email = Type.Object({ email: user.email })

export const Registered = answered('Akun berhasil dibuat', Type.Object({ ...user, created_at: Time, updated_at: Time }))
export const LoggedIn = answered('Berhasil Login', Type.Object({ ...user, token: AccessJwt }))
export const TokenVerified = answered('Token valid', Type.Object(user))
export const ResetSent = answered('Request ubah password berhasil, silahkan cek email anda', Email)
export const PasswordReset = answered('Berhasil mengganti password', Email)
export const History = answered('Riwayat token berhasil diambil', Type.Array(Type.Object({
  id: Num(3826),
  id_user: Num(3),
  aktivitas: Text('Login - Create Token'),
  token: OrNull(Type.String({ examples: ['eyJhbGciOiJFUzI1NiIs….eyJpc3MiOiJodHRw….redacted'], description: "an access token's header and claims" })),
  created_at: Time,
  updated_at: Time
})))
export const ProfileUpdated = answered('Profil berhasil diperbarui', Type.Object({
  id: user.id, email: user.email, role: user.role, nama_lengkap: user.nama_lengkap, telp: user.telp, createdAt: Time, updatedAt: Time
}))
export const PasswordUpdated = done('Password berhasil diperbarui')
export const EmailRestored = answered('Email berhasil dipulihkan, silahkan cek email anda', Email)

const Failure = Type.Object({ success: Type.Literal(false), message: Type.String(), errors: Type.Optional(Type.Array(Type.String())) })
/** The document has its own shape for a fault while a token is verified. */
export const TokenFault = Type.Object({ success: Type.Literal(false), message: Type.String(), error: Type.Array(Type.String()) })

export const { refusals, bodyRefusals } = refusalsIn(Failure)
