import type { RenderProblem } from '../plugins/errors.js'
import { englishFailures } from './english.js'

/** The server's own shape, for what goes wrong outside of all contracts. */
export const renderRootProblem: RenderProblem = ({ code }) => {
  const [status, message] = englishFailures[code]
  return { status, body: { status, message } }
}
