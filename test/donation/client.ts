import { bearer, type Kunci, readMails } from '../helper.js'

/** What an application of the donation contract asks of the server. */

/** Every contract where it stands by default; donation's own path is the one below. */
export const CONTRACTS = 'outlet=/auth,console=/api/auth,donation=/donation/auth,member=/member/api/auth,signin=/signin/auth'
export const DONATION = '/donation/auth'

export const EMAIL = 'dermawan@example.com'
export const PASSWORD = 'dermawan123'
export const WEEK = 7 * 24 * 3600

export const REQUIRED = { success: false, message: 'Token akses diperlukan' }
export const BAD_TOKEN = { success: false, message: 'Token tidak valid atau telah kedaluwarsa' }
export const FORBIDDEN = { success: false, message: 'Tidak memiliki izin untuk mengakses resource ini' }
export const TAKEN = { success: false, message: 'Email sudah digunakan oleh user lain' }

/** The subjects of its mails. */
export const mail = {
  verification: 'Verifikasi alamat email Anda',
  reset: 'Atur ulang kata sandi Anda',
  emailChanged: 'Alamat email akun Anda telah diubah',
  passwordChanged: 'Kata sandi Anda telah diubah'
}

export async function register (kunci: Kunci, fields: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
  return await kunci.app.inject({
    method: 'POST',
    url: `${DONATION}/register`,
    headers,
    payload: { email: EMAIL, password: PASSWORD, nama_lengkap: 'Dermawan Saputra', telp: '081234567890', ...fields }
  })
}

export async function tryLogin (kunci: Kunci, email = EMAIL, password = PASSWORD) {
  return await kunci.app.inject({ method: 'POST', url: `${DONATION}/login`, payload: { email, password } })
}

/** @returns an access token */
export async function login (kunci: Kunci, email = EMAIL, password = PASSWORD): Promise<string> {
  return (await tryLogin(kunci, email, password)).json().data.token
}

/** @returns the access token of an account just registered */
export async function registerSignedIn (kunci: Kunci, email = EMAIL): Promise<string> {
  await register(kunci, { email })
  return await login(kunci, email)
}

export async function verifyToken (kunci: Kunci, token: string) {
  return await kunci.app.inject({ method: 'GET', url: `${DONATION}/verify-token`, headers: bearer(token) })
}

export async function updateProfile (kunci: Kunci, token: string, payload: Record<string, unknown>) {
  return await kunci.app.inject({ method: 'PATCH', url: `${DONATION}/profile/update`, headers: bearer(token), payload })
}

export async function updatePassword (kunci: Kunci, token: string, payload: Record<string, unknown>) {
  return await kunci.app.inject({ method: 'PATCH', url: `${DONATION}/profile/update-password`, headers: bearer(token), payload })
}

export async function requestReset (kunci: Kunci, email: string) {
  return await kunci.app.inject({ method: 'POST', url: `${DONATION}/reset-password`, payload: { email } })
}

export async function submitPassword (kunci: Kunci, token: string, password: string) {
  return await kunci.app.inject({
    method: 'PATCH', url: `${DONATION}/forgot-password/submit/new-password/${encodeURIComponent(token)}`, payload: { password }
  })
}

export async function restoreEmail (kunci: Kunci, token: string) {
  return await kunci.app.inject({ method: 'POST', url: `${DONATION}/restore-email`, payload: { token } })
}

export async function tokenHistory (kunci: Kunci, token: string, id: number | string, query = '') {
  return await kunci.app.inject({ method: 'GET', url: `${DONATION}/riwayat-token/${id}${query}`, headers: bearer(token) })
}

/** @returns what an account's own history says, newest first, and with which token */
export async function ownHistory (kunci: Kunci, token: string): Promise<Array<[string, string | null]>> {
  const { id } = (await verifyToken(kunci, token)).json().data
  const { data } = (await tokenHistory(kunci, token, id, '?limit=100')).json<{ data: Array<{ aktivitas: string, token: string | null }> }>()
  return data.map(({ aktivitas, token }) => [aktivitas, token])
}

/** An access token that was issued, as the history shows it. */
export function redacted (token: string): string {
  const [header, payload] = token.split('.')
  return `${header}.${payload}.redacted`
}

/** @returns what was mailed to an address under a subject, oldest first */
export async function mailsTo (kunci: Kunci, address: string, subject: string) {
  return (await readMails(kunci)).filter(({ to, subject: written }) => to === address && written === subject)
}

/** @returns the token of the newest message to an address under a subject */
export async function tokenIn (kunci: Kunci, address: string, subject: string): Promise<string> {
  return (await mailsTo(kunci, address, subject)).at(-1)?.token ?? ''
}

/** @returns the link that restores an address, from the mail that went there when it was changed */
export async function restoreToken (kunci: Kunci, address: string): Promise<string> {
  return await tokenIn(kunci, address, mail.emailChanged)
}
