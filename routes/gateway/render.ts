import type { RenderProblem } from '../../plugins/errors.js'
import { describeInEnglish } from '../english.js'

/** Its failures have the server's own shape; a gateway reads the status and `WWW-Authenticate` alone. */
export const renderProblem: RenderProblem = problem => {
  const said = describeInEnglish(problem)
  return { status: said.status, body: said }
}
