import type { Problem, ProblemCode, RenderProblem } from '../../plugins/errors.js'
import { brokenField, unknownFields } from './sentences.js'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** where the document has words of its own for an endpoint of this contract */
    donation?: {
      /** the message when a field is missing */
      incomplete?: string
      /** the message of a fault, whose body then has a list of its own */
      fault?: string
    }
  }
}

const INVALID = 'Data input tidak valid'
const INCOMPLETE = 'Data input tidak lengkap'
const FAULT = 'Terjadi kesalahan pada server'
const BAD_TOKEN = 'Token tidak valid atau telah kedaluwarsa'

const failures = {
  access_token_required: [401, 'Token akses diperlukan'],
  account_not_found: [404, 'User tidak ditemukan'],
  body_too_large: [413, 'Ukuran data terlalu besar'],
  current_password_incorrect: [400, 'kata sandi lama tidak sesuai'],
  current_password_required: [400, INCOMPLETE],
  email_not_verified: [403, 'Email belum diverifikasi'],
  email_taken: [400, 'Email sudah digunakan oleh user lain'],
  forbidden: [403, 'Tidak memiliki izin untuk mengakses resource ini'],
  invalid_access_token: [401, BAD_TOKEN],
  invalid_credentials: [401, 'Email atau password tidak sesuai'],
  invalid_input: [400, INVALID],
  invalid_invitation: [401, BAD_TOKEN],
  invalid_refresh_token: [401, BAD_TOKEN],
  invalid_reset_token: [401, BAD_TOKEN],
  invalid_restore_token: [401, BAD_TOKEN],
  invalid_verification_token: [401, BAD_TOKEN],
  invitation_needed: [403, 'Pendaftaran di outlet ini memerlukan undangan'],
  invitation_not_found: [404, 'Undangan tidak ditemukan'],
  last_administrator: [409, 'Administrator terakhir harus tetap ada'],
  malformed_body: [400, 'Format JSON tidak valid'],
  malformed_url: [400, 'Format URL tidak valid'],
  not_found: [404, 'Resource tidak ditemukan'],
  old_password_incorrect: [400, 'kata sandi lama tidak sesuai'],
  outlet_closed: [403, 'Pendaftaran di outlet ini ditutup'],
  outlet_not_found: [400, 'Outlet tidak valid'],
  outlet_taken: [409, 'Outlet sudah ada'],
  overloaded: [503, 'Layanan sedang sibuk'],
  rate_limited: [429, 'Terlalu banyak permintaan'],
  role_in_use: [409, 'Role masih dipakai'],
  role_not_found: [400, 'Role tidak valid'],
  role_protected: [409, 'Role administrator harus tetap ada dan tidak dapat dipilih sendiri'],
  role_taken: [409, 'Role sudah ada'],
  session_not_found: [404, 'Resource tidak ditemukan'],
  too_many_attempts: [429, 'Terlalu banyak permintaan'],
  unavailable: [503, 'Layanan sedang sibuk'],
  unexpected: [500, FAULT],
  unsupported_media_type: [415, 'Content-Type harus application/json'],
  username_taken: [400, 'Username sudah digunakan oleh user lain']
} as const satisfies Record<ProblemCode, readonly [number, string]>

export const renderProblem: RenderProblem = (problem, request) => {
  const { incomplete = INCOMPLETE, fault } = request.routeOptions.config.donation ?? {}
  const [status, message] = failures[problem.code]
  if (problem.code === 'unexpected' && fault !== undefined) return { status, body: { success: false, message: fault, error: [message] } }
  return { status, body: { success: false, ...problem.code === 'invalid_input' ? describe(problem, incomplete) : { message } } }
}

/** One sentence a field; a sentence that says all by itself is the message, as the document has it for `profile/update`. */
function describe ({ issues }: Problem, incomplete: string): { message: string, errors?: string[] } {
  const unknown = issues.filter(issue => issue.rule === 'unknown')
  const broken = issues.filter((issue, at) => issue.rule !== 'unknown' && issues.findIndex(({ field }) => field === issue.field) === at)
  const sentences = [...broken.map(issue => brokenField(issue)), ...unknown.length === 0 ? [] : [unknownFields(unknown)]]
  const [first, ...others] = sentences
  if (broken.some(issue => issue.rule === 'required')) return { message: incomplete, errors: sentences }
  return first === undefined || others.length > 0 ? { message: INVALID, errors: sentences } : { message: first }
}
