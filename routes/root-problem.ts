import type { ProblemCode, RenderProblem } from '../plugins/errors.js'

/** What can go wrong outside of all contracts; the rest cannot happen there. */
const failures: Partial<Record<ProblemCode, readonly [number, string]>> = {
  body_too_large: [413, 'Payload too large'],
  malformed_body: [400, 'Malformed JSON'],
  malformed_url: [400, 'Malformed URL'],
  not_found: [404, 'Not found'],
  unavailable: [503, 'Service unavailable'],
  unsupported_media_type: [415, 'Unsupported media type']
}

export const renderRootProblem: RenderProblem = ({ code }) => {
  const [status, message] = failures[code] ?? [500, 'Internal server error']
  return { status, body: { status, message } }
}
