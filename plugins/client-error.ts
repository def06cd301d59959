import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'

/** What the HTTP parser refuses before there is a request: no contract can be told from it, so the server's own shape. */
const failures: Readonly<Record<string, readonly [number, string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request timeout'],
  HPE_HEADER_OVERFLOW: [431, 'Request header fields too large']
}

/** Fastify's `clientErrorHandler`. */
export function answerClientError (error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const [status, message] = failures[error.code ?? ''] ?? [400, 'Malformed request']
  const body = JSON.stringify({ status, message })
  if (socket.writable) {
    socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n${body}`)
  }
  socket.destroy(error)
}
