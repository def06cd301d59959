import { KunciError, NetworkError } from './errors.js'

/**
 * Waits for an answer and reads it.
 *
 * @returns its body
 * @throws KunciError for a status from 400 on; NetworkError where no answer comes, or one that is not Kunci's
 */
export async function readAnswer (request: Promise<Response>): Promise<unknown> {
  let response: Response
  try {
    response = await request
  } catch (cause) {
    throw cause instanceof KunciError || cause instanceof NetworkError ? cause : new NetworkError('The server was not reached', { cause })
  }
  // A gateway's own page is no JSON.
  const body = await response.json().catch(() => undefined) as { message?: string, errors?: string[] } | undefined
  if (!response.ok) {
    const { message = `HTTP status ${response.status}`, errors = [] } = body ?? {}
    throw new KunciError(response.status, message, errors, Number(response.headers.get('retry-after')) || undefined)
  }
  if (typeof body !== 'object') throw new NetworkError('The answer is not Kunci\'s')
  return body
}
