import { KunciError, NetworkError } from './errors.js'

/** Milliseconds: two attempts fit into the server's grace for a lost answer. */
const TIMEOUT = 12_000

/** What sends a request: `reach`, or with an access token. */
export type Send = (request: Request) => Promise<Response>

/** The browser's own fetch. @throws NetworkError where no answer comes, and what `request.signal` was aborted with */
export async function reach (request: Request): Promise<Response> {
  try {
    return await fetch(request)
  } catch (cause) {
    throw (cause as Error).name === 'AbortError' ? cause : new NetworkError('Server not reached', { cause })
  }
}

/**
 * Asks the API, and lets it set cookies.
 *
 * @param json a body
 * @param headers where there is none
 * @param signals what ends it early
 * @returns the answer's body
 * @throws KunciError for a status from 400 on; NetworkError where no answer comes in time, or one that is not Kunci's
 */
export async function ask<Answer> (send: Send, method: string, url: string, json?: object, headers: HeadersInit = {}, ...signals: AbortSignal[]): Promise<Answer> {
  const response = await send(new Request(url, {
    method,
    credentials: 'include',
    // A page that is closed meanwhile must not lose the cookie.
    keepalive: true,
    signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT), ...signals]),
    ...json === undefined ? { headers } : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) }
  }))
  // A gateway's own page is no JSON.
  const body = await response.json().catch(() => undefined) as { message?: string, errors?: string[] } | undefined
  if (!response.ok) throw new KunciError(response.status, body?.message ?? `HTTP ${response.status}`, body?.errors ?? [], Number(response.headers.get('retry-after')) || undefined)
  if (typeof body !== 'object') throw new NetworkError('Not Kunci\'s answer')
  return body as Answer
}
