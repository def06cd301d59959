import type { HeldToken } from './access-token.js'
import { reach } from './requests.js'

/**
 * Sends a request with the access token of the moment, and once more with the next one where the answer is 401.
 *
 * @param settle gives the token to go with, if there is one: another than the one that was refused
 */
export async function authorizedFetch (request: Request, settle: (refused?: HeldToken) => Promise<HeldToken | undefined>): Promise<Response> {
  const used = await settle()
  const response = await reach(authorized(request.clone(), used))
  if (response.status !== 401 || used === undefined) return response
  const next = await settle(used)
  // What one account asked for is not asked for again by another.
  return next?.accountId === used.accountId ? await reach(authorized(request, next)) : response
}

function authorized (request: Request, held: HeldToken | undefined): Request {
  if (held !== undefined) request.headers.set('authorization', `Bearer ${held.token}`)
  return request
}
