import type { HeldToken } from './access-token.js'

/**
 * Sends a request with the access token of the moment, and once more with the next one where the answer is 401.
 *
 * @param current settles whose token there is, if any, before the first attempt
 * @param renew what the second attempt goes with, given what the first went with
 */
export async function authorizedFetch (request: Request, current: () => Promise<HeldToken | undefined>, renew: (used: HeldToken) => Promise<HeldToken | undefined>): Promise<Response> {
  const used = await current()
  const response = await fetch(authorized(request.clone(), used))
  if (response.status !== 401 || used === undefined) return response
  const next = await renew(used)
  // What one account asked for is not asked for again by another.
  return next?.accountId === used.accountId ? await fetch(authorized(request, next)) : response
}

function authorized (request: Request, held: HeldToken | undefined): Request {
  if (held !== undefined) request.headers.set('authorization', `Bearer ${held.token}`)
  return request
}
