import { once } from 'node:events'
import { type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Echo } from './echoing-upstream.js'

/** Not the gateway's own address, so that a server which records the gateway instead of the client is found out. */
export const CLIENT_ADDRESS = '127.0.0.2'

export interface Answer {
  status: number
  headers: IncomingHttpHeaders
  text: string
}

/** Sends a request as a client of the gateway would; a body goes as JSON. @param from the loopback address that it comes from */
export async function ask (gateway: string, method: string, path: string, headers: OutgoingHttpHeaders = {}, body?: object, from = CLIENT_ADDRESS): Promise<Answer> {
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const sent = request(gateway + path, { method, headers: { ...type, ...headers }, localAddress: from })
  sent.end(body === undefined ? '' : JSON.stringify(body))
  const [response] = await once(sent, 'response') as [IncomingMessage]
  return { status: response.statusCode ?? 0, headers: response.headers, text: await text(response) }
}

export function bodyOf<Body = Record<string, unknown>> (answer: Answer): Body {
  return JSON.parse(answer.text) as Body
}

/** @returns the headers under the names that tell an application who asks, in any spelling, that say something */
export function authHeadersAt (answer: Answer): Record<string, string> {
  return Object.fromEntries(bodyOf<Echo>(answer).headers.filter(([name, value]) => /^x[-_]auth[-_]/.test(name) && value !== ''))
}
