import type { TSchema } from '@sinclair/typebox'

type Refusal = 400 | 401 | 403 | 404 | 409 | 413 | 415
type Always = 429 | 500 | 503

/**
 * What an endpoint's response schemas say of its failures.
 *
 * @param failure the contract's shape of a failure
 * @returns `refusals`: a schema for each status with which an endpoint can refuse, beside 429, 500 and 503, which any may
 *   meet; `bodyRefusals`: the same for one that takes a body, which may also be malformed, too large or of another type
 */
export function refusalsIn<Failure extends TSchema> (failure: Failure) {
  function refusals<Status extends Refusal> (...statuses: readonly Status[]): Record<Status | Always, Failure> {
    const all = [...statuses, 429, 500, 503] as const
    return Object.fromEntries(all.map(status => [status, failure])) as Record<typeof all[number], Failure>
  }
  function bodyRefusals<Status extends Exclude<Refusal, 400 | 413 | 415>> (...statuses: readonly Status[]) {
    return refusals<Status | 400 | 413 | 415>(400, ...statuses, 413, 415)
  }
  return { refusals, bodyRefusals }
}
