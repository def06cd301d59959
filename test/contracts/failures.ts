import { STATUS_CODES } from 'node:http'
import type { LightMyRequestResponse } from 'fastify'
import type { Name } from './clients.js'

/** What each contract says of failures that all of them know, to the letter. */

const english = {
  access_token_required: [401, 'Access token required'],
  body_too_large: [413, 'Payload too large'],
  forbidden: [403, 'Forbidden'],
  invalid_access_token: [401, 'Invalid or expired token'],
  invalid_credentials: [401, 'Invalid credentials'],
  invalid_refresh_token: [401, 'Invalid refresh token'],
  malformed_body: [400, 'Malformed JSON'],
  malformed_url: [400, 'Malformed URL'],
  rate_limited: [429, 'Too many requests'],
  unavailable: [503, 'Service unavailable'],
  unexpected: [500, 'Internal server error'],
  unsupported_media_type: [415, 'Unsupported media type']
} as const

type Kind = keyof typeof english

const indonesian: Readonly<Record<Kind, readonly [number, string]>> = {
  access_token_required: [401, 'Token akses diperlukan'],
  body_too_large: [413, 'Ukuran data terlalu besar'],
  forbidden: [403, 'Tidak memiliki izin untuk mengakses resource ini'],
  invalid_access_token: [401, 'Token tidak valid atau telah kedaluwarsa'],
  invalid_credentials: [401, 'Email atau password tidak sesuai'],
  invalid_refresh_token: [401, 'Token tidak valid atau telah kedaluwarsa'],
  malformed_body: [400, 'Format JSON tidak valid'],
  malformed_url: [400, 'Format URL tidak valid'],
  rate_limited: [429, 'Terlalu banyak permintaan'],
  unavailable: [503, 'Layanan sedang sibuk'],
  unexpected: [500, 'Terjadi kesalahan pada server'],
  unsupported_media_type: [415, 'Content-Type harus application/json']
}

interface Failure {
  status: number
  body: object
}

/** @returns a contract's own shape of a failure, whose list of errors stands where its document puts it */
export function failure (name: Name, status: number, message: string, errors?: readonly string[]): Failure {
  const list = errors === undefined ? {} : { errors }
  switch (name) {
    case 'outlet': return { status, body: { status, message, ...list } }
    case 'console': return { status, body: { status: false, message, code: status, ...list } }
    case 'donation': return { status, body: { success: false, message, ...list } }
    case 'member': return { status, body: { status: 'Error', status_code: status, message, ...list } }
    case 'signin': return { status, body: { statusCode: status, error: STATUS_CODES[status], message: errors ?? message } }
  }
}

/** @returns a contract's status and whole body for a failure */
export function failing (name: Name, kind: Kind): Failure {
  const [status, message] = name === 'donation' ? indonesian[kind] : english[kind]
  return failure(name, status, message)
}

/** @returns a contract's status and whole body for a path or method that it does not know; `signin` names both */
export function notFound (name: Name, method: string, path: string): Failure {
  const message = name === 'donation' ? 'Resource tidak ditemukan' : name === 'signin' ? `Cannot ${method} ${path}` : 'Not found'
  return failure(name, 404, message)
}

/** What is said outside of all contracts. */
export const rootNotFound: Failure = { status: 404, body: { status: 404, message: 'Not found' } }

/** @returns what failed, to be compared with one of the above */
export function failed (response: LightMyRequestResponse): Failure {
  return { status: response.statusCode, body: response.json() }
}
